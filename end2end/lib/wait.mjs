// Waiting for a condition, never for a time.

import { PATIENCE_MS } from './settings.mjs';

/**
 * Asks again and again until `check` answers with something true, and answers with that. An error counts as "not yet".
 * @template T @param {string} what said when it never happens @param {() => T | Promise<T>} check @returns {Promise<T>}
 */
export async function until(what, check, { within = PATIENCE_MS, every = 50 } = {}) {
  const end = Date.now() + within;
  let last;
  for (;;) {
    try {
      last = await check();
      if (last) return last;
    } catch (error) {
      last = error;
      // Nothing will come of a page that was closed.
      if (/has been closed/.test(String(error))) throw error;
    }
    if (Date.now() > end) throw new Error(`Not within ${within} ms: ${what}. Last: ${describe(last)}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

function describe(value) {
  if (value instanceof Error) return value.message;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

// A long text and many who write in it, for measurements.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { HERE } from './settings.mjs';

/** How much is measured. */
export const LONG = { blocks: 300, writers: 20, rate: 5, keys: 150 };
/** A phone's processor, beside this one. */
export const SLOW_DOWN = 4;

/** Others who write, as a program of their own. */
export async function writersIn(server, link, { writers, rate, blocks }) {
  const program = spawn(process.execPath, [path.join(HERE, 'node/writers.mjs')], {
    env: {
      ...process.env,
      URL: `${server.origin.replace('http', 'ws')}/sync`,
      AGS: link.ags,
      TOKEN: link.secret,
      WRITERS: String(writers),
      RATE: String(rate),
      BLOCKS: String(blocks),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(program, 'exit').then(([code]) => {
    throw new Error(`The writers ended with ${code} before the text was full.`);
  });
  await Promise.race([once(program.stdout, 'data'), ended]);
  // From here on whoever started them ends them.
  ended.catch(() => {});
  return program;
}

/** Types `keys` letters, so many a second. */
export async function typeSteadily(page, { keys, rate }) {
  for (let key = 0; key < keys; key += 1) {
    await page.keyboard.press('abcdefghij'[key % 10]);
    await new Promise((resolve) => setTimeout(resolve, 1000 / rate));
  }
}

// axe on a page as it stands.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations as `rule: what (where)`, one line each, and how many rules were passed. */
export async function violations(page) {
  // Evaluated by the browser's own tools, so the page's Content-Security-Policy stays as it is.
  await page.evaluate(source);
  const result = await page.evaluate(async () => {
    // Rows far from the screen are not drawn, and keep the colours they last had until they come near. Drawn is what counts.
    const drawn = new CSSStyleSheet();
    drawn.replaceSync('.blocks-live > * { content-visibility: visible !important }');
    const before = document.adoptedStyleSheets;
    document.adoptedStyleSheets = [...before, drawn];
    try {
      // 24 by 24 pixels for whatever is pressed, or as much room around it; axe leaves that out if it is not asked.
      const rules = { 'target-size': { enabled: true } };
      return await globalThis.axe.run(document, { resultTypes: ['violations'], rules });
    } finally {
      document.adoptedStyleSheets = before;
    }
  });
  return {
    lines: result.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${rule.help} (${node.target.join(' ')})`)),
    passes: result.passes.length,
  };
}

/** Fails with every violation of the page as it stands. */
export async function assertAccessible(page) {
  const { lines } = await violations(page);
  assert.deepEqual(lines, [], `axe at ${page.url()}`);
}

// Every page: axe in light and dark, no sideways scrolling on the narrowest phone.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { violations } from '../lib/axe.mjs';
import { browserTest, PHONE } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { pages, worldOf } from '../lib/pages.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const NARROW = { width: 320, height: 640 };
/** Not found is what that page is about. */
const NOT_FOUND = /status 404|status of 404/;

let server;
let world;
before(async () => {
  server = await startServer();
  world = await worldOf(server, await coordinatorOf(server));
});
after(() => server?.dispose());

for (const name of Object.keys(pages({}))) {
  browserTest(`page ${name}: axe finds nothing, nothing is cut off at 320 px`, async (visit) => {
    const visitor = await visit({ server, viewport: PHONE, expect: name === 'not-found' ? [NOT_FOUND] : [] });
    await pages(world)[name](visitor);
    const { page } = visitor;
    for (const colors of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: colors, reducedMotion: 'reduce' });
      const { lines, passes } = await violations(page);
      assert.deepEqual(lines, [], colors);
      assert.ok(passes > 5, `axe looked at the page (${passes} rules)`);
    }
    await page.setViewportSize(NARROW);
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    await until('the page fits', async () => (await width()) <= NARROW.width, { within: 3_000 }).catch(async (error) => {
      const wide = await page.evaluate((limit) =>
        [...document.querySelectorAll('body *')]
          .filter((element) => element.getBoundingClientRect().right > limit + 1)
          .slice(0, 5)
          .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class')}`), NARROW.width);
      throw new Error(`${error.message}; beyond the edge: ${wide.join(', ')}`);
    });
  });
}

// Writes pictures of every page, on a phone and on a desk, light and dark: `node screens.mjs FOLDER [page ...]`.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { chromium } from 'playwright-core';

import { DESK, launchOptions, openVisitor, PHONE } from './lib/browser.mjs';
import { coordinatorOf } from './lib/coordinator.mjs';
import { join } from './lib/editor.mjs';
import { pages, worldOf } from './lib/pages.mjs';
import { startServer } from './lib/server.mjs';

const [folder, ...wanted] = process.argv.slice(2);
if (!folder) {
  console.error('Which folder? node screens.mjs FOLDER [page ...]');
  process.exit(2);
}
await mkdir(folder, { recursive: true });

const server = await startServer();
const browser = await chromium.launch(launchOptions());
try {
  const world = await worldOf(server, await coordinatorOf(server));
  // Somebody else is in the text, as in a workshop.
  const colleague = await openVisitor(browser, { server });
  const there = await join(colleague, world.link, 'Ben Beispiel');
  const [, second] = await there.outline();
  await there.field(second.points[0]).focus();

  for (const [name, show] of Object.entries(pages(world))) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const [size, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
      for (const colors of ['light', 'dark']) {
        const visitor = await openVisitor(browser, { server, viewport, colors });
        await show(visitor);
        // The first screen as it is met, and the whole page.
        const file = (part) => path.join(folder, `${name}-${size}-${colors}${part}.png`);
        await visitor.page.screenshot({ path: file('') });
        await visitor.page.screenshot({ path: file('-whole'), fullPage: true });
        const problems = visitor.problems.filter((problem) => name !== 'not-found' || !problem.includes('404'));
        console.log(`${name} ${size} ${colors}${problems.length > 0 ? `: ${problems.join('; ')}` : ''}`);
        await visitor.leave();
      }
    }
  }
  await colleague.leave();
} finally {
  await browser.close();
  await server.dispose();
}

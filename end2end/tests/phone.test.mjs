// Writing on a phone: the tools on top of the keyboard, targets, small screens, large letters, drag with a finger.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { browserTest } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

/** Has an example text: three Leitlinien with points. */
const EXAMPLE = '05566';
const TOUCH = { hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const SMALL = { width: 320, height: 640 };
const KEYBOARD = 280;

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

/** On iOS the keyboard covers the page, and only the visual viewport says so. */
function standInViewport() {
  const viewport = new EventTarget();
  Object.assign(viewport, { scale: 1, offsetTop: 0, offsetLeft: 0, covered: 0 });
  Object.defineProperty(viewport, 'height', { get: () => document.documentElement.clientHeight - viewport.covered });
  Object.defineProperty(globalThis, 'visualViewport', { value: viewport });
  globalThis.keyboard = (covered) => {
    viewport.covered = covered;
    viewport.dispatchEvent(new Event('resize'));
  };
}

async function phone(visit, viewport = SMALL) {
  const visitor = await visit({ server, viewport, context: TOUCH });
  await visitor.page.addInitScript(standInViewport);
  return join(visitor, await coordinator.makeLink(EXAMPLE), 'Ada');
}

/** Nothing to scroll to at the side. */
const fits = (editor) =>
  editor.page.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth <= root.clientWidth;
  });

browserTest('the tools stand on top of the keyboard, and the caret above them', async (visit) => {
  const ada = await phone(visit);
  const [, second] = await ada.outline();
  const id = second.points.at(-1);
  const field = ada.field(id);
  await field.evaluate((element) => element.scrollIntoView({ block: 'end' }));
  await field.tap();
  await ada.page.evaluate((covered) => globalThis.keyboard(covered), KEYBOARD);
  const tools = ada.block(id).locator('.block-tools');
  const visible = SMALL.height - KEYBOARD;
  await until('they are above it', async () => {
    const box = await tools.boundingBox();
    return Math.round(box.y + box.height) === visible;
  });
  await ada.page.keyboard.press('Control+End');
  await ada.page.keyboard.type(' und noch ein paar Worte, damit eine Zeile dazukommt');
  await until('what is typed can be seen', async () => {
    const [words, bar] = await Promise.all([field.boundingBox(), tools.boundingBox()]);
    return words.y + words.height <= bar.y + 4;
  });

  for (const size of ['100%', '200%']) {
    await ada.page.evaluate((size) => (document.documentElement.style.fontSize = size), size);
    const buttons = await tools.locator('button').evaluateAll((all) =>
      all.map((button) => {
        const { left, right, width, height } = button.getBoundingClientRect();
        return { left, right, width, height };
      }),
    );
    assert.ok(buttons.length >= 6);
    for (const { left, right, width, height } of buttons) {
      assert.ok(width >= 24 && height >= 44, `${width}×${height}`);
      assert.ok(left >= 0 && right <= SMALL.width, 'all of them fit');
    }
    assert.ok(await fits(ada), `nothing sticks out at ${size}`);
  }
  await ada.page.evaluate(() => (document.documentElement.style.fontSize = ''));

  // They work without closing the keyboard.
  await ada.control(id, 'move-up').tap();
  await until('it moved', async () => (await ada.outline())[1].points.at(-1) !== id);
  assert.ok(await field.evaluate((element) => element === document.activeElement));
  await ada.page.evaluate(() => globalThis.keyboard(0));
  await until('they follow it down', async () => {
    const box = await tools.boundingBox();
    return Math.round(box.y + box.height) === SMALL.height;
  });
});

browserTest('whatever one presses most is as high as a finger is wide, in the text and in the panel', async (visit) => {
  const ada = await phone(visit);
  const [{ id }] = await ada.outline();
  await ada.act(id, 'panel');
  const panel = ada.page.locator(`[data-panel="${id}"]`);
  for (const tab of await panel.locator('[data-tab]').all()) {
    await tab.click();
    await panel.locator('[role="tabpanel"] :is(textarea, input, p)').first().waitFor();
    const low = await ada.page.evaluate(() =>
      [...document.querySelectorAll('.button-main, .button:not(.button-small), select, textarea, [role="tab"], .block-tools button')]
        .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height > 0)
        .map((element) => [Math.round(element.getBoundingClientRect().height), element.dataset.action ?? element.className])
        .filter(([height]) => height < 44),
    );
    assert.deepEqual(low, []);
    assert.ok(await fits(ada), 'nothing sticks out');
  }
});

browserTest('a finger that rests on a grip takes the block; one that moves on scrolls', async (visit) => {
  const ada = await phone(visit, { width: 390, height: 844 });
  const [first] = await ada.outline();
  const [moving, ...others] = first.points;
  const touch = await ada.visitor.context.newCDPSession(ada.page);
  const at = async (locator) => {
    const box = await locator.boundingBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const send = (type, point) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [{ ...point, id: 1 }] : [] });
  const dragged = ada.page.locator('.block-dragged');
  await ada.block(moving).scrollIntoViewIfNeeded();

  // Moves on at once: not a drag.
  let grip = await at(ada.control(moving, 'drag'));
  // A page that was flicked goes on for a moment.
  const rests = ada.page.evaluate(() => new Promise((rest) => addEventListener('scrollend', () => rest(), { once: true })));
  await send('touchStart', grip);
  for (let step = 1; step <= 6; step += 1) await send('touchMove', { x: grip.x, y: grip.y - 20 * step });
  await send('touchEnd');
  await rests;
  assert.equal(await dragged.count(), 0);
  assert.deepEqual((await ada.outline())[0].points, [moving, ...others]);

  // Rests, then moves.
  await ada.block(moving).scrollIntoViewIfNeeded();
  grip = await at(ada.control(moving, 'drag'));
  const target = await at(ada.block(others.at(-1)));
  await send('touchStart', grip);
  await dragged.waitFor();
  const before = await ada.page.evaluate(() => scrollY);
  for (let step = 1; step <= 8; step += 1) {
    await send('touchMove', { x: grip.x, y: grip.y + ((target.y + 40 - grip.y) * step) / 8 });
  }
  assert.equal(await ada.page.evaluate(() => scrollY), before, 'the page stays under the finger');
  await send('touchEnd');
  await until('it is the last point', async () => (await ada.outline())[0].points.at(-1) === moving);

  // Near an edge the page scrolls along; Escape puts everything back.
  const order = await ada.outline();
  grip = await at(ada.control(moving, 'drag'));
  await send('touchStart', grip);
  await dragged.waitFor();
  await send('touchMove', { x: grip.x, y: 830 });
  await until('it scrolls', async () => (await ada.page.evaluate(() => scrollY)) > before + 100);
  await ada.page.keyboard.press('Escape');
  await dragged.waitFor({ state: 'detached' });
  await send('touchEnd');
  assert.deepEqual(await ada.outline(), order);
});

// A long text: what others write far from the screen, and what is there while it opens.

import assert from 'node:assert/strict';

import { browserTest } from '../lib/browser.mjs';
import { converged, join } from '../lib/editor.mjs';
import { EMPTY, openHall } from '../lib/hall.mjs';
import { LONG, writersIn } from '../lib/long.mjs';
import { until } from '../lib/wait.mjs';

const hall = openHall();

/** A text with many blocks: their ids in order. */
async function longText() {
  const link = await hall.coordinator.makeLink(EMPTY);
  // Fills the text; it is ended before its first letter is due.
  const writer = await writersIn(hall.server, link, { blocks: LONG.blocks, writers: 1, rate: 0.01 });
  writer.kill();
  return link;
}

const allBuilt = (editor) =>
  until('every block is a field', async () => (await editor.rows()).length === LONG.blocks + 3);

/** Is a block's row far from the screen, so that the browser leaves it out? */
const isLeftOut = (editor, id) =>
  editor.block(id).evaluate((row) => !row.querySelector('textarea').checkVisibility({ contentVisibilityAuto: true }));

browserTest('all of a long text can be read at once, and every block becomes a field', async (visit) => {
  const link = await longText();
  const visitor = await visit({ server: hall.server });
  // What stands there as soon as the first field does.
  await visitor.page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const live = document.querySelector('[data-editor="live"]');
      if (!live?.querySelector('[data-field="title"]')) return;
      observer.disconnect();
      globalThis.atFirst = { fields: live.querySelectorAll('[data-field]').length, blocks: live.querySelectorAll('[data-block]').length };
      const last = [...live.querySelectorAll('[data-block]')].at(-1);
      globalThis.atFirst.last = last.querySelector('.block-text')?.textContent;
    }).observe(document, { childList: true, subtree: true });
  });
  const ada = await join(visitor, link, 'Ada');
  const { fields, blocks, last } = await ada.page.evaluate(() => globalThis.atFirst);
  assert.equal(blocks, LONG.blocks);
  assert.ok(fields < blocks, `${fields} fields are built at first`);
  assert.match(last, /^Kein Kind bleibt zurück/);
  await allBuilt(ada);
  // A point that is far away can be gone to, also by keys.
  const points = await ada.blocks('point');
  await ada.field(points.at(-1).field).focus();
  await ada.page.keyboard.press('Control+Home');
  await ada.page.keyboard.press('ArrowUp');
  const focused = () => ada.page.evaluate(() => document.activeElement.dataset.field);
  await until('the point before has the focus', async () => (await focused()) === points.at(-2).field);
});

browserTest('what others write far from the screen is there when one comes to it', async (visit) => {
  const link = await longText();
  const [ada, ben] = await Promise.all(
    (await Promise.all([visit({ server: hall.server }), visit({ server: hall.server })])).map((visitor, index) => join(visitor, link, ['Ada', 'Ben'][index])),
  );
  await Promise.all([allBuilt(ada), allBuilt(ben)]);
  const points = await ada.blocks('point');
  const far = points.at(-5).field;
  await until('the end is left out', () => isLeftOut(ben, far));
  // The browser of Ben has no time, except for frames: whatever waits for idle time goes on waiting.
  await ben.page.evaluate(() => {
    globalThis.requestIdleCallback = () => 0;
  });
  await ada.type(far, ' Weit unten.');
  await ada.saved();
  const near = points[0].field;
  await ada.type(near, ' Oben.');
  await until('near words are shown', async () => (await ben.words(near)).endsWith(' Oben.'));
  assert.ok(!(await ben.words(far)).includes('Weit unten'), 'far words wait');
  assert.ok(await isLeftOut(ben, far));
  await ben.block(far).scrollIntoViewIfNeeded();
  await until('far words are shown when they come near', async () => (await ben.words(far)).endsWith(' Weit unten.'));

  // A field that is gone to has everything at once, also when it was far.
  await ben.page.evaluate(() => scrollTo(0, 0));
  await until('the end is left out again', () => isLeftOut(ben, far));
  await ada.type(far, ' Und mehr.');
  await ada.saved();
  await ada.type(near, ' Auch hier.');
  await until('near words are shown', async () => (await ben.words(near)).endsWith(' Auch hier.'));
  const atOnce = await ben.field(far).evaluate((field) => {
    field.focus();
    return field.value;
  });
  assert.ok(atOnce.endsWith(' Und mehr.'), atOnce);

  // And what is typed there goes to its own place among what comes.
  await ben.page.keyboard.press('Control+Home');
  await Promise.all([ben.page.keyboard.type('Ben: '), ada.type(far, ' Ende.')]);
  const rows = await converged(ada, ben);
  const words = rows.find((row) => row.field === far).words;
  assert.ok(words.startsWith('Ben: Kein Kind') && words.endsWith(' Weit unten. Und mehr. Ende.'), words);
});

browserTest('words far from the screen are shown in idle time, and whoever writes there can be followed', async (visit) => {
  const link = await longText();
  const [ada, ben] = await Promise.all(
    (await Promise.all([visit({ server: hall.server }), visit({ server: hall.server })])).map((visitor, index) => join(visitor, link, ['Ada', 'Ben'][index])),
  );
  await Promise.all([allBuilt(ada), allBuilt(ben)]);
  const far = (await ada.blocks('point')).at(-5).field;
  await until('the end is left out', () => isLeftOut(ben, far));
  await ada.type(far, ' Weit unten.');
  await until('far words are there', async () => (await ben.words(far)).endsWith(' Weit unten.'));
  assert.ok(await isLeftOut(ben, far), 'without anybody having come near');
  await ben.page.locator('[data-people] [data-action="follow"]', { hasText: 'Ada' }).click();
  await until('Ben is where Ada is', () =>
    ben.block(far).evaluate((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return top > 0 && bottom < innerHeight;
    }),
  );
  await ben.block(far).locator('[data-caret]').waitFor({ state: 'attached' });
  await converged(ada, ben);
});

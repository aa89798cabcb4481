// Input methods: what is composed is not touched while others write in the same field.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { browserTest } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { converged, join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

/** Has no text. */
const EMPTY = '05554';

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

/** Each row: what is composed step by step, and what it becomes. */
const INPUTS = [
  { name: 'Japanese', steps: ['k', 'こ', 'こd', 'こど', 'こども'], becomes: '子ども' },
  { name: 'a dead key', steps: ['´'], becomes: 'é' },
  { name: 'a word that a phone corrects', steps: ['k', 'ki', 'kid', 'kidn'], becomes: 'Kind ' },
];

browserTest('what is composed stays whole while another one writes in the same field', async (visit) => {
  const link = await coordinator.makeLink(EMPTY);
  const visitors = await Promise.all([visit({ server }), visit({ server })]);
  const [ada, ben] = await Promise.all([join(visitors[0], link, 'Ada'), join(visitors[1], link, 'Ben')]);
  const ime = await ada.visitor.context.newCDPSession(ada.page);
  const compose = (text) =>
    ime.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });

  for (const { name, steps, becomes } of INPUTS) {
    await ada.field('motto').fill('Anfang ');
    await ben.hasWords('motto', 'Anfang ');
    await ada.page.keyboard.press('Control+End');
    let touched = 0;
    await ada.field('motto').evaluate((field) => {
      field.touched = 0;
      const { set, get } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
      Object.defineProperty(field, 'value', {
        configurable: true,
        get,
        set(value) {
          field.touched += 1;
          set.call(field, value);
        },
      });
    });
    for (const [index, step] of steps.entries()) {
      await compose(step);
      if (index === 0) {
        // Ben writes into the same words, and Ada's page has it: the title came after it.
        await ben.field('motto').focus();
        await ben.page.keyboard.press('Control+Home');
        await ben.page.keyboard.type('BEN ');
        await ben.type('title', '.');
        const title = await ben.words('title');
        await ada.hasWords('title', title);
      }
    }
    touched = await ada.field('motto').evaluate((field) => field.touched);
    assert.equal(touched, 0, `${name}: the field was set while it composed`);
    assert.equal(await ada.words('motto'), `Anfang ${steps.at(-1)}`, `${name}: only what is composed shows`);
    await ime.send('Input.insertText', { text: becomes });
    await ben.hasWords('motto', `BEN Anfang ${becomes}`);
    await ada.hasWords('motto', `BEN Anfang ${becomes}`);
    const caret = await ada.field('motto').evaluate((field) => field.selectionStart);
    assert.equal(caret, `BEN Anfang ${becomes}`.length, `${name}: the caret is behind the word`);
    await ada.field('motto').evaluate((field) => delete field.value);
  }
  await converged(ada, ben);
});

browserTest('a caret shown in a field that composes does not disturb it', async (visit) => {
  const link = await coordinator.makeLink(EMPTY);
  const visitors = await Promise.all([visit({ server }), visit({ server })]);
  const [ada, ben] = await Promise.all([join(visitors[0], link, 'Ada'), join(visitors[1], link, 'Ben')]);
  await ada.field('closing').fill('Schluss');
  await ben.hasWords('closing', 'Schluss');
  await ada.page.keyboard.press('Control+End');
  const ime = await ada.visitor.context.newCDPSession(ada.page);
  await ime.send('Input.imeSetComposition', { text: 'が', selectionStart: 1, selectionEnd: 1 });
  await ben.field('closing').focus();
  await ben.page.keyboard.press('Control+Home');
  await ada.page.locator('.block-closing [data-caret]').waitFor({ state: 'attached' });
  await ime.send('Input.imeSetComposition', { text: 'がく', selectionStart: 2, selectionEnd: 2 });
  assert.equal(await ada.words('closing'), 'Schlussがく');
  await ime.send('Input.insertText', { text: '学' });
  await until('the word is with Ben', async () => (await ben.words('closing')) === 'Schluss学');
  await converged(ada, ben);
});

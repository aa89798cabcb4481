// Others' carets and selections, and following somebody.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { violations } from '../lib/axe.mjs';
import { browserTest, PHONE } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { converged, join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

/** Has an example text: three Leitlinien with points. */
const EXAMPLE = '05566';

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

async function two(visit, viewport) {
  const link = await coordinator.makeLink(EXAMPLE);
  const [ada, ben] = await Promise.all([visit({ server }), visit({ server, viewport })]);
  return Promise.all([join(ada, link, 'Ada'), join(ben, link, 'Ben')]);
}

/** What stands in the mirror of a field: the carets with the words before them, and what is selected. */
function mirror(editor, id) {
  return editor.field(id).evaluate((field) => {
    const mirror = field.parentElement.querySelector('.mirror');
    if (!mirror) return { carets: [], selected: [] };
    const before = (caret) => {
      let words = '';
      for (const node of mirror.childNodes) {
        if (node === caret) return words;
        if (!node.matches?.('.caret')) words += node.textContent;
      }
      return undefined;
    };
    return {
      hidden: mirror.getAttribute('aria-hidden'),
      carets: [...mirror.querySelectorAll('[data-caret]')].map((caret) => ({
        flag: caret.textContent,
        before: before(caret),
        color: [...caret.classList].find((name) => name.startsWith('color-')),
      })),
      selected: [...mirror.querySelectorAll('.selected')].map((span) => span.textContent),
      grows: Math.round(mirror.getBoundingClientRect().height) - Math.round(field.getBoundingClientRect().height),
    };
  });
}

const caretAfter = (editor, id, words) =>
  until(`a caret after "${words}"`, async () => (await mirror(editor, id)).carets.find((caret) => caret.before === words));

browserTest('each sees the other’s caret and selection where it is, through edits', async (visit) => {
  const [ada, ben] = await two(visit, PHONE);
  await ada.field('motto').fill('Kein Kind allein');
  await ben.hasWords('motto', 'Kein Kind allein');
  await ada.page.keyboard.press('Home');
  for (let step = 0; step < 9; step += 1) await ada.page.keyboard.press('ArrowRight');
  const caret = await caretAfter(ben, 'motto', 'Kein Kind');
  assert.match(caret.flag, /^A(da)?$/);
  await until('the name becomes the initial', async () => (await mirror(ben, 'motto')).carets[0]?.flag === 'A');
  const color = await ben.page.locator('[data-people] .person', { hasText: 'Ada' }).getAttribute('class');
  assert.ok(color.split(' ').includes(caret.color), 'in the colour that the list of people shows');
  assert.equal((await mirror(ben, 'motto')).hidden, 'true');

  // What Ben writes before it does not move it to another letter, and it comes from the document: Ada does nothing.
  await ben.field('motto').focus();
  await ben.page.keyboard.press('Home');
  await ben.page.keyboard.type('Hier ist ');
  await caretAfter(ben, 'motto', 'Hier ist Kein Kind');
  await caretAfter(ada, 'motto', 'Hier ist ');
  await ada.hasWords('motto', 'Hier ist Kein Kind allein');

  await ada.page.keyboard.press('Shift+Control+ArrowLeft');
  await until('the selection', async () => (await mirror(ben, 'motto')).selected.join('') === 'Kind');
  assert.equal((await mirror(ben, 'motto')).carets[0].before, 'Hier ist Kein ', 'the caret is where the selection ends');

  // In a long text the lines of both are the same, also on a phone.
  const words = 'Jedes Kind in unserer Kommune wächst gesund auf und lernt, was es stark macht. '.repeat(6);
  await ada.field('closing').fill(words);
  await ada.page.keyboard.press('Control+End');
  await caretAfter(ben, 'closing', words);
  assert.equal((await mirror(ben, 'closing')).grows, 0);
  const { lines } = await violations(ben.page);
  assert.deepEqual(lines, []);

  await ada.page.goto(`/kommune/${EXAMPLE}`);
  await until('it goes with her', async () => (await mirror(ben, 'closing')).carets.length === 0);
});

browserTest('whoever is pressed is followed until one does something oneself', async (visit) => {
  const [ada, ben] = await two(visit);
  const outline = await ada.outline();
  const [first, last] = [outline[0].points[0], outline.at(-1).points.at(-1)];
  const visible = (id) =>
    ben.field(id).evaluate((field) => {
      const { top, bottom } = field.getBoundingClientRect();
      return top > 40 && bottom < innerHeight;
    });
  await ada.field(last).focus();
  await ben.page.locator(`.block [data-here]`, { hasText: 'Ada' }).waitFor({ state: 'attached' });
  await ben.page.evaluate(() => scrollTo(0, 0));
  const follow = ben.page.locator('[data-people] [data-action="follow"]', { hasText: 'Ada' });
  await follow.click();
  await ben.page.locator('[data-following]').waitFor();
  await until('Ben is where Ada is', () => visible(last));
  assert.equal(await follow.getAttribute('aria-pressed'), 'true');
  await ada.field('title').focus();
  await ada.page.keyboard.press('Control+Home');
  await until('and goes along', () => visible('title'));
  const told = () => ben.page.locator('.editor-bar [role="status"]').allInnerTexts();
  assert.ok((await told()).some((text) => text.includes('Sie folgen Ada')));

  await ben.page.keyboard.press('Escape');
  await ben.page.locator('[data-following]').waitFor({ state: 'detached' });
  const at = await ben.page.evaluate(() => scrollY);
  await ada.field(last).focus();
  await ada.page.keyboard.press('Control+End');
  await caretAfter(ben, last, await ada.words(last));
  assert.equal(await ben.page.evaluate(() => scrollY), at, 'Ben stays where he is');

  // Typing ends it, too.
  await follow.click();
  await until('Ben is there again', () => visible(last));
  await ben.type(first, '!');
  await ben.page.locator('[data-following]').waitFor({ state: 'detached' });
  await converged(ada, ben);
});

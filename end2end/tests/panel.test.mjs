// What is said about a block beside its words: Einfache Sprache, and the life phases it serves.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { assertAccessible } from '../lib/axe.mjs';
import { browserTest, PHONE } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { join } from '../lib/editor.mjs';
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

/** The panel of a block, opened by its button. */
async function panel(editor, id, tab) {
  await editor.act(id, 'panel');
  const panel = editor.page.locator(`[data-panel="${id}"]`);
  await panel.waitFor();
  await panel.locator(`[data-tab="${tab}"]`).click();
  return panel;
}

browserTest('a point gets its Einfache Sprache, is flagged when the words change, and citizens read it', async (visit) => {
  const link = await coordinator.makeLink(EXAMPLE);
  const [ada, ben] = await Promise.all([visit({ server }), visit({ server })]);
  const [writer, other] = await Promise.all([join(ada, link, 'Ada'), join(ben, link, 'Ben')]);
  const [{ points: [point] }] = await writer.outline();

  const beside = await panel(writer, point, 'plain');
  const field = beside.locator(`[data-field="${point}:plain"]`);
  await field.click();
  await field.pressSequentially('Kinder kommen zu uns.');
  await panel(other, point, 'plain');
  await other.hasWords(`${point}:plain`, 'Kinder kommen zu uns.');
  await other.page.locator(`[data-panel="${point}"] [data-here]`, { hasText: 'Ada' }).waitFor();
  await assertAccessible(ada.page);

  // Somebody else changes the words: both are told, and one of them says that it still fits.
  assert.equal(await beside.locator('[data-stale]').count(), 0);
  await other.field(point).focus();
  await other.page.keyboard.press('End');
  await other.page.keyboard.type(' Immer.');
  await beside.locator('[data-stale]').waitFor();
  await other.block(point).locator('.mark-stale').waitFor();
  await beside.locator('[data-action="confirm-plain"]').click();
  await other.block(point).locator('.mark-stale').waitFor({ state: 'detached' });
  await writer.saved();

  await coordinator.publish(EXAMPLE);
  await ada.page.goto(`/kommune/${EXAMPLE}`);
  assert.equal(await ada.page.getByText('Kinder kommen zu uns.').count(), 0);
  await ada.page.getByRole('link', { name: 'Einfache Sprache' }).click();
  await ada.page.locator(`#b-${point}`, { hasText: 'Kinder kommen zu uns.' }).waitFor();
  await assertAccessible(ada.page);
});

browserTest('who wrote what is told by person and by sector, also across a split', async (visit) => {
  const link = await coordinator.makeLink(EXAMPLE);
  const [ada, ben] = await Promise.all([visit({ server }), visit({ server })]);
  const [writer, other] = await Promise.all([
    join(ada, link, 'Ada', { sector: 'Gesundheit' }),
    join(ben, link, 'Ben', { sector: 'Bildung' }),
  ]);
  const point = (await writer.outline())[1].points[0];
  await writer.field(point).fill('Alle Kinder ');
  await other.hasWords(point, 'Alle Kinder ');
  await other.field(point).focus();
  await other.page.keyboard.press('End');
  await other.page.keyboard.type('gehören dazu');
  await writer.hasWords(point, 'Alle Kinder gehören dazu');
  // Ada cuts Ben's words into a point of their own: they stay his.
  await writer.field(point).focus();
  await writer.page.keyboard.press('End');
  for (let step = 0; step < 'dazu'.length; step += 1) await writer.page.keyboard.press('ArrowLeft');
  await writer.page.keyboard.press('Enter');
  const tail = (await writer.outline())[1].points[1];
  await writer.hasWords(tail, 'dazu');

  const beside = await panel(writer, point, 'authors');
  const authors = () => beside.locator('[data-author]').evaluateAll((parts) => parts.map((part) => part.dataset.author));
  await until('the words have their authors', async () => (await authors()).join() === 'Ada,Ben');
  await beside.getByLabel('Bereich').check();
  await until('and their sectors', async () => (await authors()).join() === 'Gesundheit,Bildung');
  // Each in a colour, and with a letter for those who do not see it.
  const marks = () =>
    beside.locator('[data-author]').evaluateAll((parts) =>
      parts.map((part) => `${getComputedStyle(part.querySelector('.author-words')).borderBottomColor} ${part.querySelector('sup').innerText}`),
    );
  const bySector = await marks();
  assert.equal(new Set(bySector).size, 2, bySector.join(' | '));
  await beside.getByLabel('Rolle').check();
  await until('both write here, in one colour', async () => new Set(await authors()).size === 1);
  await assertAccessible(ada.page);
  const afterSplit = await panel(other, tail, 'authors');
  await afterSplit.locator('[data-author="Ben"]', { hasText: 'dazu' }).waitFor();
  assert.equal(await afterSplit.locator('[data-author]').count(), 1);
});

browserTest('who reads sees Einfache Sprache, the network and who wrote what, and can change nothing there', async (visit) => {
  const [writes, reads] = await Promise.all([coordinator.makeLink(EXAMPLE), coordinator.makeLink(EXAMPLE, 'read')]);
  const [ada, ruth] = await Promise.all([visit({ server }), visit({ server, viewport: PHONE })]);
  const writer = await join(ada, writes, 'Ada');
  const point = (await writer.outline())[2].points[0];
  await writer.type(point, ' Immer.');
  const beside = await panel(writer, point, 'plain');
  await beside.locator(`[data-field="${point}:plain"]`).fill('Kinder sind dabei.');
  await writer.saved();

  const reader = await join(ruth, reads, 'Ruth', { reads: true });
  await reader.page.locator(`[data-way="${point}"]`).click();
  const seen = reader.page.locator(`[data-panel="${point}"]`);
  const tabs = await seen.locator('[data-tab]').evaluateAll((all) => all.map((tab) => tab.dataset.tab));
  assert.deepEqual(tabs, ['comments', 'suggestions', 'plain', 'network', 'authors']);
  await seen.locator('[data-tab="plain"]').click();
  await seen.locator('[data-plain]', { hasText: 'Kinder sind dabei.' }).waitFor();
  assert.equal(await seen.locator('textarea').count(), 0);
  await assertAccessible(reader.page);
  await seen.locator('[data-tab="authors"]').click();
  await seen.locator('[data-author="Ada"]', { hasText: 'Immer.' }).waitFor();
  await seen.locator('[data-tab="network"]').click();
  await seen.locator('[data-network-search]').waitFor();
  assert.equal(await seen.locator('[data-action="borrow"]').count(), 0);
  await assertAccessible(reader.page);
});

browserTest('life phases are marked with the keyboard on a phone, shown to everybody and counted in the chain', async (visit) => {
  const link = await coordinator.makeLink(EXAMPLE);
  const [ada, ben] = await Promise.all([visit({ server, viewport: PHONE }), visit({ server })]);
  const [writer, other] = await Promise.all([join(ada, link, 'Ada'), join(ben, link, 'Ben')]);
  const [{ id }] = await writer.outline();
  const gap = other.page.locator('[data-chain] [data-phase="kita"]');
  assert.equal(await gap.getAttribute('data-count'), '0');

  await writer.field(id).focus();
  await writer.control(id, 'panel').press('Enter');
  const beside = ada.page.locator(`[data-panel="${id}"]`);
  await beside.locator('[role="tab"][aria-selected="true"]:focus').waitFor();
  await ada.page.keyboard.press('ArrowRight');
  await beside.locator('[data-tab="phases"]:focus').waitFor();
  await beside.locator('[data-phase="kita"]').press('Space');
  await other.block(id).locator('.mark-phase', { hasText: 'Kita' }).waitFor();
  await until('the chain counts it', async () => (await gap.getAttribute('data-count')) === '1');
  await assertAccessible(ada.page);
  const width = await ada.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= PHONE.width, `no sideways scrolling, but the page is ${width} wide`);

  // Escape closes and goes back to the words; undo takes the mark away again.
  await ada.page.keyboard.press('Escape');
  await beside.waitFor({ state: 'detached' });
  await ada.page.locator(`[data-field="${id}"]:focus`).waitFor();
  await ada.page.keyboard.press('Control+z');
  await other.block(id).locator('.mark-phase').waitFor({ state: 'detached' });
});

browserTest('the coordinator changes the list of life phases', async (visit) => {
  const visitor = await visit({ server, expect: [/422/] });
  const { page, context } = visitor;
  await context.addCookies(coordinator.cookies);
  await page.goto('/koordination');
  // Sent before the script has taken over, the form comes back saved, but without a word about it.
  await visitor.live();
  const german = (number) => page.getByLabel(`Lebensphase ${number}, deutsch`);
  await german(3).fill('Kita und Tagespflege');
  await german(7).fill('Familie');
  await page.getByRole('button', { name: 'Lebensphasen speichern' }).click();
  await page.getByText('Gespeichert.').waitFor();
  await page.reload();
  assert.equal(await german(3).inputValue(), 'Kita und Tagespflege');
  assert.equal(await german(7).inputValue(), 'Familie');
  await german(7).fill('x'.repeat(40));
  await page.getByLabel('Lebensphase 7, deutsch').evaluate((input) => input.removeAttribute('maxlength'));
  await german(7).fill('x'.repeat(41));
  await page.getByRole('button', { name: 'Lebensphasen speichern' }).click();
  await page.getByText('Zeile 7: Ein Name hat höchstens 40 Zeichen.').waitFor();
  assert.equal(await german(7).inputValue(), 'x'.repeat(41), 'what was typed stays');
});

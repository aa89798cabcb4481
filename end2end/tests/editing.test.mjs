// Two people and one text.

import assert from 'node:assert/strict';

import { browserTest, SERVER_AWAY } from '../lib/browser.mjs';
import { converged, join } from '../lib/editor.mjs';
import { EMPTY, EXAMPLE, openHall } from '../lib/hall.mjs';
import { until } from '../lib/wait.mjs';
import { prefixTitle } from '../lib/yjs.mjs';

const hall = openHall();
const { two } = hall;

browserTest('each sees the other and what the other types', async (visit) => {
  const [ada, ben] = await two(visit, EMPTY);
  for (const editor of [ada, ben]) {
    await until('both are named', async () => {
      const people = (await editor.people()).join(' ');
      return people.includes('Ada') && people.includes('Ben');
    });
  }
  assert.match((await ada.people())[0], /^Ada \(Sie\)/, 'oneself first');

  await ada.type('title', 'Kein Kind allein');
  await ben.hasWords('title', 'Kein Kind allein');
  await ben.page.locator('.block-title [data-here]', { hasText: 'Ada' }).waitFor();
  await ada.saved();

  // Both in one field at once: no letter is lost, and each one's word stays whole.
  await ada.field('motto').focus();
  await ben.field('motto').focus();
  await Promise.all([
    ada.field('motto').pressSequentially('zusammen', { delay: 20 }),
    ben.field('motto').pressSequentially('ZUGLEICH', { delay: 20 }),
  ]);
  await converged(ada, ben);
  const motto = await ada.words('motto');
  assert.equal(motto.length, 16);
  assert.equal(motto.replaceAll(/[A-Z]/g, ''), 'zusammen');
  assert.equal(motto.replaceAll(/[a-z]/g, ''), 'ZUGLEICH');

  await ben.page.goto(`/kommune/${EMPTY}`);
  await until('Ben has left', async () => !(await ada.people()).join(' ').includes('Ben'));
});

browserTest('Enter makes the next point, Backspace joins them again', async (visit) => {
  const [ada, ben] = await two(visit, EMPTY);
  await ada.page.locator('[data-action="add-guideline"]').click();
  const guideline = await until('a Leitlinie is there', async () => (await ada.blocks('guideline')).at(-1));
  await ada.field(guideline.field).pressSequentially('Hinsehen');
  const point = await ada.addPoint(guideline.field, 'Wir fragen nach');
  await ada.field(point).press('Enter');
  const second = await until('the next point', async () => {
    const points = (await ada.outline()).at(-1).points;
    return points.length === 2 && points[1];
  });
  await until('the caret is in it', () =>
    ada.field(second).evaluate((field) => field === document.activeElement),
  );
  await ada.page.keyboard.type('und hören zu');
  const rows = await converged(ada, ben);
  assert.deepEqual(rows.filter((row) => row.kind === 'point').map((row) => row.words), ['Wir fragen nach', 'und hören zu']);
  await ben.page.getByText('I.', { exact: true }).waitFor();

  await ada.page.keyboard.press('Home');
  await ada.page.keyboard.press('Backspace');
  await ben.hasWords(point, 'Wir fragen nachund hören zu');
  await until('one point', async () => (await ben.blocks('point')).length === 1);
  await ada.page.locator('[data-action="undo"]').click();
  await until('undo takes that back', async () => (await ben.blocks('point')).length === 2);
  await converged(ada, ben);
});

browserTest('blocks move by buttons, keyboard and drag', async (visit) => {
  const [ada, ben] = await two(visit, EXAMPLE);
  const [first, second] = await ada.outline();
  const [moving, next] = first.points;

  await ada.act(moving, 'move-down');
  await until('it is second', async () => (await ben.outline())[0].points.indexOf(moving) === 1);
  await ada.field(moving).press('Alt+ArrowUp');
  await until('it is first', async () => (await ben.outline())[0].points.indexOf(moving) === 0);
  assert.ok(await ada.field(moving).evaluate((field) => field === document.activeElement), 'the caret stays in it');

  // Both ends in the middle of the window: near its edges a drag scrolls the page.
  const grip = ada.control(moving, 'drag');
  await ada.block(second.id).evaluate((row) => row.scrollIntoView({ block: 'center' }));
  await ada.block(moving).hover();
  const from = await grip.boundingBox();
  await ada.page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await ada.page.mouse.down();
  const to = await ada.block(second.points[1]).boundingBox();
  await ada.page.mouse.move(from.x + 5, to.y + 2, { steps: 8 });
  await ada.page.mouse.up();
  await until('it is under the second Leitlinie', async () => (await ben.outline())[1].points.includes(moving));
  const rows = await converged(ada, ben);
  assert.equal(rows.filter((row) => row.field === moving).length, 1);
  assert.equal((await ben.outline())[0].points[0], next);
});

browserTest('one point moved at the same time by both is in one place, with the words of both', async (visit) => {
  const [ada, ben] = await two(visit, EXAMPLE);
  const [first, second, third] = await ada.outline();
  const moving = first.points[0];
  const before = await ada.words(moving);

  ben.visitor.expect(SERVER_AWAY);
  await ben.visitor.context.setOffline(true);
  await ben.offline();
  // Without a connection Ben goes on: moves the point into the third Leitlinie and adds words.
  const steps = first.points.length + second.points.length + 1;
  for (let step = 0; step < steps; step += 1) await ben.act(moving, 'move-down');
  await until('Ben has it in the third', async () => (await ben.outline())[2].points.includes(moving));
  await ben.type(moving, ' (Ben)');
  // Meanwhile Ada moves it into the second and adds words, too.
  for (let step = 0; step < first.points.length; step += 1) await ada.act(moving, 'move-down');
  await until('Ada has it in the second', async () => (await ada.outline())[1].points.includes(moving));
  await ada.field(moving).focus();
  await ada.page.keyboard.press('Control+Home');
  await ada.page.keyboard.type('(Ada) ');
  await ada.saved();
  await ben.onDevice();

  await ben.visitor.context.setOffline(false);
  await ben.saved();
  const rows = await converged(ada, ben);
  assert.deepEqual(rows.filter((row) => row.field === moving).map((row) => row.words), [`(Ada) ${before} (Ben)`]);
  const homes = (await ada.outline()).filter((guideline) => guideline.points.includes(moving));
  assert.equal(homes.length, 1);
  assert.ok([second.id, third.id].includes(homes[0].id));
});

browserTest('what was removed comes back from the bin', async (visit) => {
  const [ada, ben] = await two(visit, EXAMPLE);
  const [, second] = await ada.outline();
  const gone = second.points[0];
  const words = await ada.words(gone);
  const place = (await ada.outline())[1].points.indexOf(gone);

  await ada.act(gone, 'remove');
  await until('it is gone for both', async () => !(await ben.rows()).some((row) => row.field === gone));
  await ada.page.locator('[data-notice="removed"]').waitFor();

  await ben.page.locator('[data-bin] summary').click();
  const kept = ben.page.locator(`[data-bin] li`, { hasText: words });
  await kept.waitFor();
  await kept.locator('[data-action="restore"]').click();
  await until('it is back where it was', async () => (await ada.outline())[1].points.indexOf(gone) === place);
  assert.equal(await ada.words(gone), words);
  await converged(ada, ben);

  // A whole Leitlinie: its points stay as texts without a Leitlinie and come back under it.
  await ada.act(second.id, 'remove');
  await until('the Leitlinie is gone', async () => (await ben.blocks('guideline')).length === 2);
  assert.ok((await ben.rows()).some((row) => row.words === words), 'its points are still there');
  await ada.page.locator('[data-action="undo-remove"]').click();
  await until('three again', async () => (await ben.outline())[1]?.id === second.id);
  assert.ok((await ben.outline())[1].points.includes(gone));
  await converged(ada, ben);
});

browserTest('a field that is written in stays under the hands, wherever others take it', async (visit) => {
  const [ada, ben] = await two(visit, EXAMPLE);
  const [first] = await ada.outline();
  const point = await ada.addPoint(first.id, 'Niemand geht verloren');
  await ben.hasWords(point, 'Niemand geht verloren');
  const writing = () =>
    ada.field(point).evaluate((field) => field === document.activeElement && field.isConnected && field.selectionStart);
  await ada.field(point).press('Home');
  for (let step = 0; step < 'Niemand'.length; step += 1) await ada.page.keyboard.press('ArrowRight');

  // Taken into the next Leitlinie by somebody else, and then into the one after.
  for (let step = 0; step < 2; step += 1) {
    await ben.act(point, 'move-down');
    await ada.page.keyboard.type(String(step));
  }
  await until('it is elsewhere for her, too', async () => !(await ada.outline())[0].points.includes(point));
  assert.equal(await writing(), 'Niemand'.length + 2);

  // Removed: she is told, and what she goes on to write brings it back for everybody.
  await ben.act(point, 'remove');
  await ada.block(point).locator('.block-gone-note [data-action="restore"]').waitFor();
  assert.equal(await writing(), 'Niemand'.length + 2);
  await ada.page.keyboard.type('!');
  await until('it is back for both', async () => (await ben.rows()).some((row) => row.field === point && row.words.includes('Niemand01!')));
  await ada.block(point).locator('.block-gone-note').waitFor({ state: 'hidden' });
  assert.equal(await writing(), 'Niemand'.length + 3);
  await converged(ada, ben);
});

browserTest('on paper stands the text, and nothing that one works with', async (visit) => {
  const [leads, writes] = await Promise.all([hall.coordinator.makeLink(EXAMPLE, 'facilitate'), hall.coordinator.makeLink(EXAMPLE)]);
  const [one, two] = await Promise.all([visit({ server: hall.server }), visit({ server: hall.server })]);
  const [faye] = await Promise.all([join(one, leads, 'Faye'), join(two, writes, 'Ben')]);
  const { page } = faye;
  await faye.online();
  await hall.coordinator.publish(EXAMPLE);
  await page.locator('[data-notice="published"]').waitFor();
  const tools = ['[data-notice="published"]', '.downloads', '[data-action="keep-version"]', '[data-action="history"]', '.editor-bar', '.people-roles'];
  for (const tool of tools) await page.locator(tool).first().waitFor();
  await page.emulateMedia({ media: 'print' });
  for (const tool of tools) assert.ok(!(await page.locator(tool).first().isVisible()), `${tool} is not printed`);
  const { id, points: [point] } = (await faye.outline()).find(({ points }) => points.length > 0);
  for (const field of ['title', id, point]) assert.ok(await faye.field(field).isVisible(), `${field} is printed`);
  await page.emulateMedia({ media: 'screen' });

  // Nor is the word that it is frozen, where the text is no field any more.
  await hall.coordinator.call('move_stage', { ags: EXAMPLE, from: 'draft', to: 'committee' });
  await page.locator('[data-notice="frozen"]').waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.ok(!(await page.locator('[data-notice="frozen"]').isVisible()));
  assert.ok(!(await page.locator(`[data-way="${point}"]`).isVisible()));
  assert.ok(await page.locator(`[data-text="${point}"]`).isVisible());
  await hall.coordinator.call('move_stage', { ags: EXAMPLE, from: 'committee', to: 'draft' });
});

browserTest('what was written is there after loading the page anew', async (visit) => {
  const [ada] = await two(visit, EXAMPLE);
  await ada.type('closing', ' Und heute fangen wir an.');
  await ada.saved();
  const before = await ada.rows();
  await ada.page.reload();
  await ada.writable();
  assert.deepEqual(await ada.rows(), before);
});

browserTest('a Yjs client from npm writes into the same text', async (visit) => {
  const link = await hall.coordinator.makeLink(EXAMPLE, 'participate', 'Werkzeug');
  const visitor = await visit({ server: hall.server });
  const ada = await join(visitor, link, 'Ada');
  const before = await ada.words('title');
  // The browser writes at the end meanwhile.
  const [report] = await Promise.all([prefixTitle(hall.server, link, 'Yjs: '), ada.type('title', ' weiter')]);
  assert.ok(report.title.startsWith('Yjs: '));
  await ada.hasWords('title', `Yjs: ${before} weiter`);
  await ada.saved();
  const second = await prefixTitle(hall.server, link, 'Noch einmal ');
  assert.equal(second.title, `Noch einmal Yjs: ${before} weiter`);
  await ada.hasWords('title', second.title);
});

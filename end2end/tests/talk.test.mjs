// Talking about the text: comments, suggestions, and people who only suggest.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { assertAccessible } from '../lib/axe.mjs';
import { browserTest, PHONE, SERVER_AWAY } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

/** Has an example text: three Leitlinien with points. */
const AGS = '05566';

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

/** A field's panel, opened by its button at a tab. */
async function panel(editor, id, tab) {
  // An open one goes along with the focus.
  await editor.field(id).focus();
  const isOpen = (await editor.page.locator(`[data-panel="${id}"]`).count()) > 0;
  if (!isOpen) await editor.control(id, 'panel').click();
  return tabOf(editor, id, tab);
}

async function tabOf(editor, id, tab) {
  const beside = editor.page.locator(`[data-panel="${id}"]`);
  await beside.locator(`[data-tab="${tab}"]`).click();
  return beside;
}

/** The panel of a text that one may not write in. */
async function wayTo(editor, id, tab) {
  await editor.page.locator(`[data-way="${id}"]`).click();
  return tabOf(editor, id, tab);
}

async function comment(beside, words) {
  await beside.locator('[data-say="comment"]').fill(words);
  await beside.locator('[data-action="comment"]').click();
}

/** Selects the words of a field from one unit to another. */
function select(editor, id, start, end) {
  return editor.field(id).evaluate((field, [start, end]) => {
    field.focus();
    field.setSelectionRange(start, end);
  }, [start, end]);
}

async function suggestWords(beside, words, reason) {
  await beside.locator('[data-say="suggest-text"]').fill(words);
  await beside.locator('[data-say="suggest-reason"]').fill(reason);
  await beside.locator('[data-action="suggest"]').click();
}

/** Do threads with these words lie on the device? */
function keptThreads(page, words) {
  return page.evaluate(async (words) => {
    const answer = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await answer(indexedDB.open('leitnetz'));
    const kept = await answer(database.transaction('documents').objectStore('documents').getAll());
    database.close();
    return kept.some((bytes) => new TextDecoder().decode(bytes).includes(words));
  }, words);
}

/** Two taps on the first word of a field mark it. */
async function tapFirstWordTwice(editor, id) {
  const field = editor.field(id);
  const position = await field.evaluate((element) => {
    const { paddingLeft, paddingTop, lineHeight } = getComputedStyle(element);
    return { x: parseFloat(paddingLeft) + 12, y: parseFloat(paddingTop) + parseFloat(lineHeight) / 2 };
  });
  await field.tap({ position });
  await field.tap({ position });
  await until('a word is marked', () => field.evaluate((element) => element.selectionEnd > element.selectionStart));
}

const thread = (where, words) => where.locator('[data-thread]', { hasText: words });

browserTest('two people talk about a passage: it is there at once, answered, settled, and follows a split', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const [one, two] = await Promise.all([visit({ server }), visit({ server })]);
  const [ada, ben] = await Promise.all([join(one, link, 'Ada'), join(two, link, 'Ben')]);
  const [{ id: guideline }] = await ada.outline();
  const point = await ada.addPoint(guideline, 'Wir fragen nach und wir hören zu.');
  await ben.hasWords(point, 'Wir fragen nach und wir hören zu.');

  await select(ada, point, 20, 32);
  await ada.control(point, 'panel').click();
  const beside = ada.page.locator(`[data-panel="${point}"]`);
  await beside.locator('[data-about="words"]', { hasText: 'wir hören zu' }).waitFor();
  await comment(beside, 'Wem hören wir zu?');
  const badge = ben.block(point).locator('[data-threads="1"]');
  await badge.waitFor({ state: 'attached' });
  await ben.block(point).locator('.mirror .commented', { hasText: /^wir hören zu$/ }).waitFor();
  await badge.click();
  const other = ben.page.locator(`[data-panel="${point}"]`);
  const seen = thread(other, 'Wem hören wir zu?');
  await seen.locator('.talk-quote', { hasText: 'wir hören zu' }).waitFor();
  await seen.locator('strong', { hasText: 'Ada' }).waitFor();
  await seen.locator('[data-say="reply"]').fill('Den Kindern.');
  await seen.locator('[data-say="reply"]').press('Control+Enter');
  await thread(beside, 'Den Kindern.').locator('strong', { hasText: 'Ben' }).waitFor();
  await until('nothing waits', async () => (await other.locator('[data-waiting]').count()) === 0);
  await assertAccessible(ben.page);

  // The words move to a block of their own, and the thread with them.
  await select(ada, point, 16, 16);
  await ada.field(point).press('Enter');
  const tail = await until('the point is split', async () => {
    const [{ points }] = await ada.outline();
    return points[points.indexOf(point) + 1];
  });
  await ben.block(tail).locator('[data-threads="1"]').waitFor({ state: 'attached' });
  await badge.waitFor({ state: 'detached' });
  const followed = await panel(ben, tail, 'comments');
  const there = thread(followed, 'Wem hören wir zu?');
  assert.equal(await there.locator('[data-gone]').count(), 0);

  // Without the words it says so, and stays.
  await ada.field(tail).fill('Und was noch?');
  await badge.waitFor({ state: 'attached' });
  const lost = thread(await panel(ben, point, 'comments'), 'Wem hören wir zu?');
  await lost.locator('[data-gone]').waitFor();
  await lost.locator('[data-action="resolve"]').click();
  await lost.waitFor({ state: 'detached' });
  const all = ada.page.locator('[data-talk-all]');
  await until('nothing is open', async () => /\(0\)/.test(await all.locator('summary').innerText()));
  await all.locator('summary').click();
  await all.locator('[data-talk-filter]').selectOption('settled');
  await all.locator('[data-all-thread]', { hasText: 'Wem hören wir zu?' }).locator('[data-action="go-there"]').click();
  await ada.page.locator(`[data-panel="${point}"] [data-action="show-resolved"]`).check();
  await ada.page.locator(`[data-panel="${point}"] [data-action="reopen"]`).click();
  await lost.waitFor();
});

browserTest('on a phone a word is marked with the finger, talked about and settled', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const [phone, desk] = await Promise.all([
    visit({ server, viewport: PHONE, context: { hasTouch: true, isMobile: true } }),
    visit({ server }),
  ]);
  const [ada, ben] = await Promise.all([join(phone, link, 'Ada'), join(desk, link, 'Ben')]);
  const [, { id: guideline }] = await ben.outline();
  const point = await ben.addPoint(guideline, 'Miteinander reden wir über alles.');
  await ada.hasWords(point, 'Miteinander reden wir über alles.');

  await tapFirstWordTwice(ada, point);
  await ada.control(point, 'panel').tap();
  const sheet = ada.page.locator(`[data-panel="${point}"]`);
  await sheet.locator('[data-about="words"]', { hasText: 'Miteinander' }).waitFor();
  await sheet.locator('[data-say="comment"]').tap();
  await ada.page.keyboard.insertText('Mit wem genau?');
  await sheet.locator('[data-action="comment"]').tap();
  await ben.block(point).locator('.mirror .commented', { hasText: /^Miteinander$/ }).waitFor();
  await assertAccessible(ada.page);

  const other = await panel(ben, point, 'comments');
  await thread(other, 'Mit wem genau?').locator('[data-say="reply"]').fill('Mit den Familien.');
  await thread(other, 'Mit wem genau?').locator('[data-action="reply"]').click();
  const answered = thread(sheet, 'Mit den Familien.');
  await answered.locator('[data-action="resolve"]').tap();
  await answered.waitFor({ state: 'detached' });
  await thread(other, 'Mit wem genau?').waitFor({ state: 'detached' });
  const width = await ada.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= PHONE.width, `no sideways scrolling, but the page is ${width} wide`);
});

browserTest('without a network the comments of before are there after a reload, and an answer to them arrives once', async (visit) => {
  const [writes, suggests] = await Promise.all([coordinator.makeLink(AGS), coordinator.makeLink(AGS, 'suggest')]);
  const [one, two] = await Promise.all([visit({ server, expect: [SERVER_AWAY] }), visit({ server })]);
  const ada = await join(one, writes, 'Ada');
  const silke = await join(two, suggests, 'Silke', { reads: true });
  const [, { id: guideline }] = await ada.outline();
  await silke.page.locator(`[data-way="${guideline}"]:visible`).waitFor();
  const other = await wayTo(silke, guideline, 'comments');
  await comment(other, 'Für wen gilt das?');
  await thread(await panel(ada, guideline, 'comments'), 'Für wen gilt das?').waitFor();
  await ada.keptForOffline();
  // The copy follows within seconds.
  await until('it lies on the device', () => keptThreads(ada.page, 'Für wen gilt das?'));
  await one.context.setOffline(true);
  await ada.offline();
  await ada.page.reload();
  await ada.writable();
  const beside = await panel(ada, guideline, 'comments');
  const known = thread(beside, 'Für wen gilt das?');
  await known.locator('strong', { hasText: 'Silke' }).waitFor();
  await known.locator('[data-say="reply"]').fill('Für alle.');
  await known.locator('[data-action="reply"]').click();
  await known.locator('[data-waiting="device"]').waitFor();
  await assertAccessible(ada.page);
  await one.context.setOffline(false);
  const answered = thread(other, 'Für alle.');
  await answered.waitFor();
  await until('nothing waits', async () => (await beside.locator('[data-waiting]').count()) === 0);
  assert.equal(await answered.locator('[data-comment]').count(), 2, 'the question, and the answer once');
  // With the page's copy they go: the link is withdrawn.
  await coordinator.withdraw(writes);
  await until('nothing of it is left here', async () => !(await keptThreads(ada.page, 'Für wen')));
});

browserTest('what is said without a network waits on the device, over a reload, and arrives later', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const [one, two] = await Promise.all([visit({ server, expect: [SERVER_AWAY] }), visit({ server })]);
  const [ada, ben] = await Promise.all([join(one, link, 'Ada'), join(two, link, 'Ben')]);
  const [, { id: guideline }] = await ada.outline();
  await ada.keptForOffline();
  await one.context.setOffline(true);
  await ada.offline();
  await comment(await panel(ada, guideline, 'comments'), 'Im Zug gesagt.');
  await ada.page.locator('[data-waiting="device"]').waitFor();
  await assertAccessible(ada.page);
  await ada.page.reload();
  await ada.writable();
  const beside = await panel(ada, guideline, 'comments');
  await thread(beside, 'Im Zug gesagt.').locator('[data-waiting]').waitFor();
  await one.context.setOffline(false);
  const other = await panel(ben, guideline, 'comments');
  await thread(other, 'Im Zug gesagt.').waitFor();
  await thread(beside, 'Im Zug gesagt.').waitFor();
  await until('nothing waits', async () => (await beside.locator('[data-waiting]').count()) === 0);
  await until('it came once', async () => (await thread(other, 'Im Zug gesagt.').count()) === 1);
  assert.deepEqual(await ada.outbox(), []);
});

browserTest('somebody who only suggests proposes on a phone, and it is accepted while others type there', async (visit) => {
  const [suggests, writes, facilitates] = await Promise.all(
    ['suggest', 'participate', 'facilitate'].map((role) => coordinator.makeLink(AGS, role)),
  );
  const [phone, desk, lead] = await Promise.all([
    visit({ server, viewport: PHONE, context: { hasTouch: true } }),
    visit({ server }),
    visit({ server }),
  ]);
  const [ben, faye] = await Promise.all([join(desk, writes, 'Ben'), join(lead, facilitates, 'Faye')]);
  const [{ id: guideline }] = await ben.outline();
  const point = await ben.addPoint(guideline, 'Wir fördern alle Kinder.');
  await ben.saved();
  const silke = await join(phone, suggests, 'Silke', { reads: true });
  await silke.page.locator('[data-editor="text"]').waitFor();
  const beside = await wayTo(silke, point, 'suggestions');
  await suggestWords(beside, 'Wir begleiten alle Kinder.', 'Fördern klingt von oben.');
  await beside.locator('[data-effect] ins', { hasText: 'begleiten' }).waitFor();
  await assertAccessible(silke.page);
  const width = await silke.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= PHONE.width, `no sideways scrolling, but the page is ${width} wide`);

  // Another one on the same words: whoever decides is told before.
  const mine = await panel(ben, point, 'suggestions');
  await suggestWords(mine, 'Wir stärken alle Kinder.', 'Das ist kürzer.');
  const deciding = await panel(faye, point, 'suggestions');
  const hers = thread(deciding, 'Fördern klingt von oben.');
  await hers.locator('[data-conflict]', { hasText: 'Ben' }).waitFor();
  await assertAccessible(faye.page);
  assert.equal(await mine.locator('[data-action="accept"]:visible').count(), 0, 'who writes does not decide');

  await ben.type(point, ' Und Eltern.');
  await hers.locator('[data-say="decide"]').fill('Gut gesehen.');
  await hers.locator('[data-action="accept"]').click();
  await ben.hasWords(point, 'Wir begleiten alle Kinder. Und Eltern.');
  await faye.hasWords(point, 'Wir begleiten alle Kinder. Und Eltern.');
  await thread(beside, 'Fördern klingt von oben.').locator('[data-outcome]', { hasText: /Angenommen von Faye.*Gut gesehen/ }).waitFor();

  // The other one is rejected, a third is a removal of a block that goes meanwhile.
  const his = thread(deciding, 'Das ist kürzer.');
  // His words are not there any more: accepting would need to be meant.
  await his.locator('[data-conflict]', { hasText: 'seit diesem Vorschlag geändert' }).waitFor();
  await his.locator('[data-action="accept"]', { hasText: 'Trotzdem annehmen' }).waitFor();
  await his.locator('[data-say="decide"]').fill('Schon entschieden.');
  await his.locator('[data-action="reject"]').click();
  await thread(mine, 'Das ist kürzer.').locator('[data-outcome]', { hasText: 'Abgelehnt von Faye: Schon entschieden.' }).waitFor();
  await beside.locator('[data-suggest-sort]').selectOption('remove');
  await beside.locator('[data-say="suggest-reason"]').fill('Steht schon oben.');
  await beside.locator('[data-action="suggest"]').click();
  const third = thread(deciding, 'Steht schon oben.');
  await third.locator('[data-effect] del').waitFor();
  // A frozen text takes no suggestion, and the panel says so.
  faye.visitor.expect(/409/);
  await coordinator.call('move_stage', { ags: AGS, from: 'draft', to: 'committee' });
  await faye.page.locator('[data-notice="frozen"]').waitFor();
  await third.locator('[data-action="accept"]').click();
  await third.locator('[role="status"]', { hasText: 'Der Text ist gerade fest' }).waitFor();
  await assertAccessible(faye.page);
  await coordinator.call('move_stage', { ags: AGS, from: 'committee', to: 'draft' });
  await faye.writable();
  await third.locator('[data-action="accept"]').click();
  await until('the point is gone', async () => (await faye.outline())[0].points.every((id) => id !== point));
});

browserTest('a suggestion that was begun comes back as what it is, and keeps what others typed meanwhile', async (visit) => {
  const [writes, suggests] = await Promise.all([coordinator.makeLink(AGS), coordinator.makeLink(AGS, 'suggest')]);
  const [one, two] = await Promise.all([visit({ server }), visit({ server })]);
  const ben = await join(one, writes, 'Ben');
  const [{ id: guideline }] = await ben.outline();
  const point = await ben.addPoint(guideline, 'Wir fördern alle Kinder in der Stadt.');
  await ben.saved();
  const silke = await join(two, suggests, 'Silke', { reads: true });
  const beside = await wayTo(silke, point, 'suggestions');
  const [sort, text, reason] = ['[data-suggest-sort]', '[data-say="suggest-text"]', '[data-say="suggest-reason"]'].map((part) =>
    beside.locator(part),
  );
  const away = async () => {
    await beside.locator('[data-tab="comments"]').click();
    await text.waitFor({ state: 'detached' });
    await beside.locator('[data-tab="suggestions"]').click();
    await text.waitFor({ state: 'attached' });
  };

  // Something to add stays that, with its reason.
  await sort.selectOption('add');
  await text.fill('Wir hören ihnen zu.');
  await reason.fill('Das fehlt.');
  await away();
  assert.deepEqual([await sort.inputValue(), await text.inputValue(), await reason.inputValue()], ['add', 'Wir hören ihnen zu.', 'Das fehlt.']);
  await beside.locator('[data-action="suggest"]').click();
  const added = thread(beside, 'Das fehlt.').locator('[data-effect]');
  await added.locator('ins', { hasText: 'Wir hören ihnen zu.' }).waitFor();
  assert.equal(await added.locator('del').count(), 0, 'nothing is left out');

  // Another wording, while somebody else writes in the same text.
  await text.fill('Wir begleiten alle Kinder in der Stadt.');
  await ben.field(point).fill('Wir fördern alle Kinder in der großen Stadt.');
  await silke.page.locator(`[data-text="${point}"]`, { hasText: 'großen' }).waitFor();
  await away();
  await reason.fill('Klingt freundlicher.');
  await beside.locator('[data-action="suggest"]').click();
  const wording = thread(beside, 'Klingt freundlicher.');
  await wording.locator('[data-effect] ins', { hasText: 'begleiten' }).waitFor();
  assert.equal(await wording.locator('[data-effect] del', { hasText: 'großen' }).count(), 0, 'the word of the other stays');
  assert.equal(await wording.getByText('seit diesem Vorschlag geändert').count(), 0);
});

browserTest('whoever goes on to another page while a comment is on its way finds that page whole, and the comment arrives', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const [one, two] = await Promise.all([visit({ server }), visit({ server })]);
  const [ada, ben] = await Promise.all([join(one, link, 'Ada'), join(two, link, 'Ben')]);
  const [{ id: guideline }] = await ada.outline();
  let answer;
  const asked = new Promise((resolve) => (answer = resolve));
  await ada.page.route('**/api/carry_out', async (route) => {
    const response = await route.fetch();
    await asked;
    await route.fulfill({ response });
  });
  await comment(await panel(ada, guideline, 'comments'), 'Unterwegs gesagt.');
  await thread(await panel(ben, guideline, 'comments'), 'Unterwegs gesagt.').waitFor();
  await ada.type('motto', ' Und noch ein Wort.');
  await ada.page.locator('.editor-head .kicker a').first().click();
  await ada.page.locator('.profile-head').waitFor();
  answer();
  await until('it is no longer in the outbox', async () => (await ada.outbox()).length === 0);
  await until('the words have come', async () => (await ben.words('motto')).endsWith(' Und noch ein Wort.'));
  assert.equal(await ada.page.locator('.crash-banner').count(), 0);
  await ada.page.goBack();
  await ada.writable();
  await ada.online();
  assert.match(await ada.words('motto'), / Und noch ein Wort\.$/);
});

browserTest('a new point and a move are proposed, say what they would do, and are accepted beside what is typed', async (visit) => {
  const [suggests, facilitates] = await Promise.all([coordinator.makeLink(AGS, 'suggest'), coordinator.makeLink(AGS, 'facilitate')]);
  const [one, two] = await Promise.all([visit({ server }), visit({ server })]);
  const faye = await join(two, facilitates, 'Faye');
  const [first, , third] = await faye.outline();
  const point = await faye.addPoint(first.id, 'Wir reden mit den Jugendlichen.');
  await faye.saved();
  const silke = await join(one, suggests, 'Silke', { reads: true });
  const beside = await wayTo(silke, point, 'suggestions');

  await beside.locator('[data-suggest-sort]').selectOption('add');
  await suggestWords(beside, 'Wir reden auch mit den Eltern.', 'Die Eltern fehlen.');
  await beside.locator('[data-suggest-sort]').selectOption('move');
  await beside.locator('[data-suggest-place]').selectOption({ label: 'ans Ende von Leitlinie III' });
  await beside.locator('[data-say="suggest-reason"]').fill('Passt besser nach unten.');
  await beside.locator('[data-action="suggest"]').click();
  const count = third.points.length + 1;
  await thread(beside, 'Passt besser nach unten.').locator('[data-effect]', { hasText: `III, Punkt ${count}` }).waitFor();
  await assertAccessible(silke.page);

  // Whoever decides sees what it would do, and goes on typing in these words.
  const deciding = await panel(faye, point, 'suggestions');
  const [adds, moves] = ['Die Eltern fehlen.', 'Passt besser nach unten.'].map((reason) => thread(deciding, reason));
  await adds.locator('[data-effect] ins', { hasText: 'auch mit den Eltern' }).waitFor();
  await moves.locator('[data-effect]', { hasText: `III, Punkt ${count}` }).waitFor();
  await faye.type(point, ' Und hören zu.');
  await adds.locator('[data-action="accept"]').click();
  await until('the new point stands behind it', async () => {
    const rows = await faye.rows();
    const at = rows.findIndex((row) => row.field === point);
    return rows[at + 1].words === 'Wir reden auch mit den Eltern.' && rows[at + 1].kind === 'point';
  });
  await moves.locator('[data-action="accept"]').click();
  await until('it went to the end of the third', async () => (await faye.outline())[2].points.at(-1) === point);
  assert.equal(await faye.words(point), 'Wir reden mit den Jugendlichen. Und hören zu.');
  await silke.page.locator(`[data-text="${point}"]`, { hasText: 'Und hören zu.' }).waitFor();
});

browserTest('who is set to suggesting while offline keeps the words, and writes again when set back', async (visit) => {
  const [writes, facilitates] = await Promise.all([coordinator.makeLink(AGS), coordinator.makeLink(AGS, 'facilitate')]);
  const [one, two] = await Promise.all([visit({ server, expect: [SERVER_AWAY] }), visit({ server })]);
  const [ada, faye] = await Promise.all([join(one, writes, 'Ada'), join(two, facilitates, 'Faye')]);
  const id = await ada.page.locator('[data-people] [data-person]').first().getAttribute('data-person');
  const choice = faye.page.locator(`[data-role-of="${id}"]`);
  await faye.page.locator('[data-people-roles] summary').click();
  await choice.waitFor();
  const motto = await faye.words('motto');

  // Set while connected: within a moment, and back.
  await choice.selectOption('suggest');
  await ada.page.locator('[data-editor="text"]').waitFor();
  await ada.page.reload();
  await ada.page.locator('[data-way="title"]').waitFor();
  await faye.page.locator('[data-people]', { hasText: 'Ada (schlägt vor)' }).waitFor();
  await choice.selectOption('participate');
  await ada.writable();
  await ada.online();
  await ada.keptForOffline();

  await one.context.setOffline(true);
  await ada.offline();
  await ada.type('motto', ' Heimlich.');
  await ada.onDevice();
  const form = { ags: AGS, participant: id, role: 'suggest' };
  await coordinator.call('set_person_role', form);
  await one.context.setOffline(false);
  const recovered = ada.page.locator('[data-notice="recovered"]');
  await recovered.waitFor();
  assert.match(await recovered.locator('textarea').inputValue(), /Heimlich\.$/);
  await ada.page.locator('[data-way="title"]').waitFor();
  assert.equal(await faye.words('motto'), motto);
  await assertAccessible(ada.page);

  // What may not be written may be suggested.
  await recovered.locator('[data-action="suggest-recovered"]').click();
  const beside = ada.page.locator('[data-panel="motto"]');
  assert.match(await beside.locator('[data-say="suggest-text"]').inputValue(), /Heimlich\.$/);
  await beside.locator('[data-say="suggest-reason"]').fill('Das war nicht heimlich gemeint.');
  await beside.locator('[data-action="suggest"]').click();
  const all = faye.page.locator('[data-talk-all]');
  await all.locator('summary').click();
  await all.locator('[data-all-thread]', { hasText: 'Das war nicht heimlich gemeint.' }).waitFor();
});

/** Do words that were begun lie on the device? */
function keptBegun(page, words) {
  return page.evaluate(async (words) => {
    const answer = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await answer(indexedDB.open('leitnetz'));
    const kept = await answer(database.transaction('recovered').objectStore('recovered').getAll());
    database.close();
    return kept.some((bytes) => new TextDecoder().decode(bytes).includes(words));
  }, words);
}

browserTest('a comment and a suggestion that were begun outlive a reload, and are gone once they were said', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const ada = await join(await visit({ server }), link, 'Ada');
  const [{ id: guideline }] = await ada.outline();
  const point = await ada.addPoint(guideline, 'Wir lesen allen Kindern vor.');
  await ada.saved();
  const beside = await panel(ada, point, 'comments');
  const [said, text, reason] = ['comment', 'suggest-text', 'suggest-reason'].map((part) => beside.locator(`[data-say="${part}"]`));
  await said.fill('Auch am Abend?');
  await tabOf(ada, point, 'suggestions');
  await text.fill('Wir lesen allen Kindern jeden Tag vor.');
  await reason.fill('Das ist genauer.');
  for (const words of ['Auch am Abend?', 'jeden Tag', 'Das ist genauer.']) {
    await until(`"${words}" lies on the device`, () => keptBegun(ada.page, words));
  }

  await ada.page.reload();
  await ada.writable();
  await panel(ada, point, 'comments');
  assert.equal(await said.inputValue(), 'Auch am Abend?');
  await tabOf(ada, point, 'suggestions');
  assert.equal(await text.inputValue(), 'Wir lesen allen Kindern jeden Tag vor.');
  assert.equal(await reason.inputValue(), 'Das ist genauer.');
  await assertAccessible(ada.page);

  await beside.locator('[data-action="suggest"]').click();
  await thread(beside, 'Das ist genauer.').waitFor();
  await tabOf(ada, point, 'comments');
  await beside.locator('[data-action="comment"]').click();
  await thread(beside, 'Auch am Abend?').waitFor();
  for (const words of ['Auch am Abend?', 'Das ist genauer.']) {
    await until(`"${words}" is not begun any more`, async () => !(await keptBegun(ada.page, words)));
  }
  await until('nothing waits', async () => (await beside.locator('[data-waiting]').count()) === 0);

  await ada.page.reload();
  await ada.writable();
  await panel(ada, point, 'comments');
  await thread(beside, 'Auch am Abend?').waitFor();
  assert.equal(await said.inputValue(), '');
  await tabOf(ada, point, 'suggestions');
  await thread(beside, 'Das ist genauer.').waitFor();
  assert.equal(await text.inputValue(), 'Wir lesen allen Kindern vor.');
  assert.equal(await reason.inputValue(), '');
});

browserTest('what is too long is said to be, and nothing of it is cut off', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const ada = await join(await visit({ server }), link, 'Ada');
  const [{ id: guideline }] = await ada.outline();
  const beside = await panel(ada, guideline, 'comments');
  const said = beside.locator('[data-say="comment"]');
  const words = `${'Ein langer Satz. '.repeat(240)}Und der Schluss.`;
  await said.focus();
  await ada.page.keyboard.insertText(words);
  assert.equal(await said.inputValue(), words);
  const tooLong = beside.locator('.talk-too-long', { hasText: 'Zeichen zu viel: 96' });
  await tooLong.waitFor();
  await assertAccessible(ada.page);
  assert.equal(await beside.locator('[data-action="comment"]').getAttribute('aria-disabled'), 'true');
  await said.press('Control+Enter');
  assert.equal(await said.inputValue(), words, 'it was not said');
  await said.fill(words.slice(-4_000));
  await tooLong.waitFor({ state: 'detached' });
  await beside.locator('[data-action="comment"]').click();
  await thread(beside, 'Und der Schluss.').waitFor();
});

browserTest('an answer that is being written stays where it is when somebody else settles the thread', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const [one, two] = await Promise.all([visit({ server }), visit({ server })]);
  const [ada, ben] = await Promise.all([join(one, link, 'Ada'), join(two, link, 'Ben')]);
  const [{ id: guideline }] = await ada.outline();
  const point = await ada.addPoint(guideline, 'Wir singen zusammen.');
  await ben.hasWords(point, 'Wir singen zusammen.');
  const beside = await panel(ada, point, 'comments');
  await comment(beside, 'Wer singt mit?');
  const asked = thread(beside, 'Wer singt mit?');
  const seen = thread(await panel(ben, point, 'comments'), 'Wer singt mit?');
  const answer = seen.locator('[data-say="reply"]');
  await answer.click();
  await answer.pressSequentially('Die Großen');
  await asked.locator('[data-action="resolve"]').click();
  await asked.waitFor({ state: 'detached' });
  await ben.page.locator('[data-thread][data-state="resolved"]', { hasText: 'Wer singt mit?' }).waitFor();
  assert.equal(await answer.inputValue(), 'Die Großen');
  assert.ok(await answer.evaluate((field) => field === document.activeElement), 'one goes on writing');
  await answer.pressSequentially(' und die Kleinen.');
  await answer.press('Control+Enter');
  await thread(seen.page().locator(`[data-panel="${point}"]`), 'Die Großen und die Kleinen.').waitFor();
  assert.equal(await answer.inputValue(), '');
  await ada.page.locator(`[data-panel="${point}"] [data-action="show-resolved"]`).check();
  await thread(beside, 'Die Großen und die Kleinen.').waitFor();
});

// Structure by keys and buttons, what is pasted, and what is counted.

import assert from 'node:assert/strict';

import { browserTest } from '../lib/browser.mjs';
import { converged, join } from '../lib/editor.mjs';
import { EMPTY, EXAMPLE, openHall } from '../lib/hall.mjs';
import { until } from '../lib/wait.mjs';

const hall = openHall();
const { two } = hall;

/** What a screen reader is told. */
function told(editor) {
  return editor.page.locator('.editor-bar [role="status"]').allInnerTexts();
}

/** Selects the words of a field from one unit to another. */
function select(editor, id, start, end) {
  return editor.field(id).evaluate((field, [start, end]) => {
    field.focus();
    field.setSelectionRange(start, end);
  }, [start, end]);
}

/** Pastes into a field, in place of what is selected there. */
function pasteInto(editor, id, data) {
  return editor.field(id).evaluate((field, data) => {
    field.focus();
    const held = new DataTransfer();
    for (const [kind, text] of Object.entries(data)) held.setData(kind, text);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: held, bubbles: true, cancelable: true }));
  }, data);
}

const hasFocus = (editor, id) => editor.field(id).evaluate((field) => field === document.activeElement);

browserTest('a point becomes a Leitlinie and back, by key and by button', async (visit) => {
  const [ada, ben] = await two(visit, EXAMPLE);
  const before = await ada.outline();
  const [first, second] = before;
  const [point, ...following] = first.points;

  await ada.field(point).focus();
  await ada.page.keyboard.press('Alt+Shift+ArrowLeft');
  await until('it is a Leitlinie for both', async () => (await ben.outline())[1]?.id === point);
  const promoted = await ben.outline();
  assert.deepEqual(promoted[0].points, following, 'the points after it stay with the old one');
  assert.deepEqual(promoted[1].points, []);
  assert.ok(await hasFocus(ada, point), 'the caret stays in it');
  await until('it is announced', async () => (await told(ada)).some((text) => text.includes('Leitlinie II')));

  // Somebody writes in it meanwhile; back it goes with the words.
  await ben.type(point, ' (Ben)');
  await ada.hasWords(point, `${(await ben.words(point))}`);
  await ada.page.keyboard.press('Alt+Shift+ArrowRight');
  await until('it is the last point of the Leitlinie before', async () => (await ben.outline())[0].points.at(-1) === point);
  await converged(ada, ben);

  // With buttons: what is not possible says so.
  await ada.field(first.id).focus();
  assert.equal(await ada.control(first.id, 'demote').getAttribute('aria-disabled'), 'true', 'the first one stays a Leitlinie');
  assert.equal(await ada.control(first.id, 'promote').getAttribute('aria-disabled'), 'true');
  await ada.act(second.id, 'demote');
  await until('its points went along', async () => {
    const [one] = await ben.outline();
    return one.points.includes(second.id) && second.points.every((id) => one.points.includes(id));
  });
  await ada.page.locator('[data-action="undo"]').click();
  await until('undo takes all of it back', async () => (await ben.outline())[1]?.id === second.id);
  assert.deepEqual((await ben.outline())[1].points, second.points);
  await ada.act(second.points[0], 'promote');
  await until('by button, too', async () => (await ben.outline())[2]?.id === second.points[0]);
  await converged(ada, ben);
});

browserTest('a block is added below another one, and words are counted', async (visit) => {
  const [ada, ben] = await two(visit, EMPTY);
  await ada.page.locator('[data-action="add-guideline"]').click();
  const guideline = await until('a Leitlinie', async () => (await ada.blocks('guideline'))[0]?.field);
  await ada.type(guideline, 'Wir sehen hin');
  await ada.act(guideline, 'add-below');
  const point = await until('a point', async () => (await ada.outline())[0].points[0]);
  await until('the caret is in it', () => hasFocus(ada, point));
  await ada.page.keyboard.type('und fragen – nach');
  await ada.act(point, 'add-below');
  await until('a second one', async () => (await ben.outline())[0].points.length === 2);

  const counts = (editor) => editor.page.locator('.row-add-point [data-counts]').innerText();
  for (const editor of [ada, ben]) {
    await until('the Leitlinie is counted', async () => (await counts(editor)) === '1 Punkt, 6 Wörter');
    await editor.page.locator('[data-words="6"]', { hasText: '1 Leitlinie, 6 Wörter' }).waitFor();
  }
  // While others type.
  await ben.type('motto', 'Gemeinsam');
  await ada.page.locator('[data-words="7"]').waitFor();
});

browserTest('what Word and a PDF put on the clipboard keeps its structure', async (visit) => {
  const [ada, ben] = await two(visit, EMPTY);
  await ada.page.locator('[data-action="add-paragraph"]').click();
  const paragraph = await until('a paragraph', async () => (await ada.blocks('paragraph')).at(-1)?.field);
  const before = (await ada.rows()).length;
  const paste = (id, data) => pasteInto(ada, id, data);

  const item = 'class=MsoListParagraph style="text-indent:-18pt;mso-list:l0 level1 lfo1"';
  const bullet = '<span style="font-family:Symbol;mso-list:Ignore">·<span style="font:7pt">&nbsp;&nbsp; </span></span>';
  await paste(paragraph, {
    'text/plain': 'anders',
    'text/html': `<html><head><style>p { color: red }</style><title>weg</title></head><body>
      <!--StartFragment--><p class=MsoNormal>Vorweg <b>gesagt</b><o:p></o:p></p>
      <h1>Kein Kind allein 👩‍👧</h1><p ${item}>${bullet}Wir sehen hin<o:p></o:p></p><p ${item}>${bullet}Wir fragen
      nach</p><script>globalThis.ran = true</script><img src="/nirgends.png" onerror="globalThis.ran = true">
      <h2>Von Anfang an</h2><ul><li>Frühe Hilfen</li></ul><!--EndFragment--></body></html>`,
  });
  await until('it is there', async () => (await ben.outline())[1]?.words === 'Von Anfang an');
  // Before those that were there already.
  const outline = (await ben.outline()).slice(0, 2);
  const words = async (ids) => Promise.all(ids.map((id) => ben.words(id)));
  assert.deepEqual(outline.map((guideline) => guideline.words), ['Kein Kind allein 👩‍👧', 'Von Anfang an']);
  assert.deepEqual(await words(outline[0].points), ['Wir sehen hin', 'Wir fragen nach']);
  assert.deepEqual(await words(outline[1].points), ['Frühe Hilfen']);
  assert.equal(await ben.words(paragraph), 'Vorweg gesagt');
  assert.equal(await ada.page.evaluate(() => globalThis.ran), undefined, 'nothing in it runs');
  await until('it says how many', async () => (await told(ada)).includes('Eingefügt: 5 neue Texte.'));
  await until('the caret is at its end', () => hasFocus(ada, outline[1].points[0]));
  await ada.page.keyboard.press('Control+z');
  await until('one undo takes all of it back', async () => (await ben.rows()).length === before && (await ben.words(paragraph)) === '');

  await paste(paragraph, { 'text/plain': 'Jedes Kind in unserer Ge-\nmeinde wächst\ngesund auf.\n\n• Erstens\n• Zweitens' });
  await until('three paragraphs', async () => (await ben.blocks('paragraph')).length === 3);
  assert.deepEqual((await ben.blocks('paragraph')).map((row) => row.words), [
    'Jedes Kind in unserer Gemeinde wächst gesund auf.',
    'Erstens',
    'Zweitens',
  ]);
  await converged(ada, ben);
});

browserTest('several lines pasted into the title keep their structure, in one step', async (visit) => {
  const [ada, ben] = await two(visit, EMPTY);
  const paragraphs = async () => (await ben.blocks('paragraph')).map((row) => row.words);
  const [before, title] = [await paragraphs(), await ben.words('title')];
  await ada.field('title').evaluate((field) => field.select());
  await pasteInto(ada, 'title', { 'text/plain': 'Kein Kind allein\n\n• Wir sehen hin\n• Wir fragen nach' });
  await ben.hasWords('title', 'Kein Kind allein');
  await until('the rest comes before all blocks', async () => (await paragraphs()).length === before.length + 2);
  assert.deepEqual(await paragraphs(), ['Wir sehen hin', 'Wir fragen nach', ...before]);
  await converged(ada, ben);
  await ada.page.keyboard.press('Control+z');
  await until('one undo takes all of it back', async () => (await paragraphs()).length === before.length);
  await ben.hasWords('title', title);
});

browserTest('Backspace takes Enter back after a heading, Enter replaces what is selected, and a phone does both', async (visit) => {
  const [ada, ben] = await two(visit, EMPTY);
  const known = new Set((await ada.blocks('guideline')).map((row) => row.field));
  await ada.page.locator('[data-action="add-guideline"]').click();
  const guideline = await until('a Leitlinie', async () =>
    (await ada.blocks('guideline')).map((row) => row.field).find((id) => !known.has(id)),
  );
  const points = async (editor) => (await editor.outline()).find(({ id }) => id === guideline)?.points;
  const has = (count) => until(`${count} points`, async () => (await points(ben))?.length === count);
  const onePoint = () => until('a point', async () => (await points(ada))[0]);
  const caret = () => ada.field(guideline).evaluate((field) => field === document.activeElement && field.selectionStart);

  // At once again: nothing is left of it.
  await ada.type(guideline, 'Hinsehen');
  await ada.page.keyboard.press('Enter');
  const empty = await onePoint();
  await until('the caret is in it', () => hasFocus(ada, empty));
  await has(1);
  await ada.page.keyboard.press('Backspace');
  await has(0);
  await until('the caret is at the end of the heading', async () => (await caret()) === 'Hinsehen'.length);

  // What is selected makes way, and both are one step.
  await ada.page.keyboard.type(' und fragen');
  await ben.hasWords(guideline, 'Hinsehen und fragen');
  await select(ada, guideline, 8, 12);
  await ada.page.keyboard.press('Enter');
  await ben.hasWords(guideline, 'Hinsehen');
  await has(1);
  assert.equal(await ada.words(await onePoint()), ' fragen');
  await ada.page.keyboard.press('Control+z');
  await has(0);
  await ben.hasWords(guideline, 'Hinsehen und fragen');

  // Keyboards of phones may say nothing but what is to come of a key.
  const input = (id, at, init) =>
    ada.field(id).evaluate((field, [at, init]) => {
      field.focus();
      field.setSelectionRange(at, at);
      field.dispatchEvent(new InputEvent('beforeinput', { ...init, bubbles: true, cancelable: true }));
    }, [at, init]);
  await input(guideline, 8, { inputType: 'insertLineBreak', isComposing: true });
  await until('a word that is composed is not split', async () => (await points(ada)).length === 0);
  await input(guideline, 8, { inputType: 'insertParagraph' });
  await has(1);
  const tail = await onePoint();
  await ben.hasWords(guideline, 'Hinsehen');
  await ben.hasWords(tail, ' und fragen');
  await input(tail, 0, { inputType: 'deleteContentBackward', isComposing: true });
  assert.equal(await ada.words(tail), ' und fragen');
  assert.equal((await points(ben)).length, 1);
  await input(tail, 0, { inputType: 'deleteContentBackward' });
  await has(0);
  await ben.hasWords(guideline, 'Hinsehen und fragen');
  await converged(ada, ben);
});

browserTest('the list of keys opens beside the text, and writing goes on', async (visit) => {
  const link = await hall.coordinator.makeLink(EMPTY);
  const ada = await join(await visit({ server: hall.server }), link, 'Ada');
  await ada.field('motto').focus();
  const list = ada.page.locator('.keys-list');
  await ada.page.locator('[data-action="keys"]').click();
  await list.getByText('macht aus einem Punkt eine Leitlinie').waitFor();
  assert.ok(await hasFocus(ada, 'motto'), 'the caret stays where it was');
  await ada.page.keyboard.type('weiter');
  await until('words go on', async () => (await ada.words('motto')).endsWith('weiter'));
  await ada.page.locator('[data-action="keys"]').click();
  await list.waitFor({ state: 'hidden' });
});

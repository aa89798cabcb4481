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
  const paste = (id, data) =>
    ada.field(id).evaluate((field, data) => {
      field.focus();
      const held = new DataTransfer();
      for (const [kind, text] of Object.entries(data)) held.setData(kind, text);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: held, bubbles: true, cancelable: true }));
    }, data);

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

// Writing, moving, commenting and suggesting by keyboard alone, read from the accessibility tree: no mouse, no focus that a
// test sets, and axe in every state passed.

import assert from 'node:assert/strict';

import { assertAccessible } from '../lib/axe.mjs';
import { browserTest } from '../lib/browser.mjs';
import { EMPTY, openHall } from '../lib/hall.mjs';
import { until } from '../lib/wait.mjs';
import { Walk } from '../lib/walk.mjs';

const hall = openHall();

/** Joins by a link, by keyboard. */
async function joined(visit, link, name) {
  const visitor = await visit({ server: hall.server });
  const walk = await Walk.of(visitor);
  await visitor.open(link.url);
  await walk.to('textbox', /Wie heißen Sie/);
  await walk.type(name);
  await walk.to('button', /^Mitmachen$/);
  await walk.press('Enter');
  await visitor.page.locator('[data-editor="live"] [data-field="title"]').waitFor();
  await visitor.page.locator('[data-connection="online"]').waitFor({ state: 'attached' });
  return walk;
}

browserTest('a Leitbild is written, ordered, commented and changed by keyboard alone', async (visit) => {
  const [writes, facilitates] = await Promise.all([hall.coordinator.makeLink(EMPTY), hall.coordinator.makeLink(EMPTY, 'facilitate')]);
  const ada = await joined(visit, writes, 'Ada');

  // Writing.
  await ada.to('textbox', /^Titel/);
  await ada.type('Kein Kind allein');
  assert.equal((await ada.here()).value, 'Kein Kind allein');
  await ada.to('button', /Leitlinie hinzufügen/);
  await ada.press('Enter');
  await ada.at('textbox', /Leitlinie I\b/);
  await ada.type('Hinsehen');
  await ada.to('button', /Punkt hinzufügen.*Leitlinie I\b/);
  await ada.press('Space');
  await ada.at('textbox', /Leitlinie I, Punkt 1/);
  await ada.type('Wir fragen nach.');
  await ada.press('Enter');
  await ada.at('textbox', /Leitlinie I, Punkt 2/);
  await ada.type('Wir fördern alle Kinder.');
  await assertAccessible(ada.page);
  const words = async () => ada.page.locator('[data-kind="point"] textarea').evaluateAll((fields) => fields.map((field) => field.value));

  // Moving, by key and by button: the focus goes along, and it is said where it is now.
  await ada.press('Alt+ArrowUp');
  await ada.hears(/Leitlinie I, Punkt 1/);
  await ada.at('textbox', /Leitlinie I, Punkt 1/);
  assert.deepEqual(await words(), ['Wir fördern alle Kinder.', 'Wir fragen nach.']);
  await ada.to('button', /Nach unten.*Leitlinie I, Punkt 1/);
  await ada.press('Enter');
  await ada.hears(/Leitlinie I, Punkt 2/);
  await ada.at('button', /Nach unten.*Leitlinie I, Punkt 2/);
  assert.deepEqual(await words(), ['Wir fragen nach.', 'Wir fördern alle Kinder.']);

  // Commenting: the panel takes the focus, its tabs are one stop, Escape goes back to the text.
  await ada.to('button', /^Mehr.*Leitlinie I, Punkt 2/);
  await ada.press('Enter');
  await ada.at('tab', /./);
  await ada.press('Home');
  await ada.at('tab', /^Kommentare/);
  await ada.to('textbox', /Ihr Kommentar/);
  await ada.type('Wirklich alle?');
  await ada.to('button', /^Kommentieren$/);
  await ada.press('Enter');
  await ada.hears(/Ihr Beitrag ist da/);
  await ada.at('button', /^Kommentieren$/);
  await assertAccessible(ada.page);
  await ada.to('textbox', /Ihre Antwort/, 'Shift+Tab');
  await ada.type('Ja, alle.');
  await ada.press('Control+Enter');
  await ada.hears(/Ihr Beitrag ist da/);
  await ada.at('textbox', /Ihre Antwort/);
  await ada.to('button', /^Erledigt/, 'Shift+Tab');
  await ada.press('Enter');
  await ada.hears(/[Ee]rledigt/);
  // The thread is gone from here, and the focus not with it.
  await ada.at('tab', /^Kommentare/);
  await ada.to('checkbox', /Erledigte zeigen/);
  await ada.press('Space');
  await ada.to('button', /^Wieder öffnen/, 'Shift+Tab');
  await ada.press('Enter');
  await ada.hears(/Wieder offen/);

  // Suggesting.
  await ada.to('tab', /^Kommentare/, 'Shift+Tab');
  await ada.press('ArrowRight');
  await ada.at('tab', /^Vorschläge/);
  await ada.to('combobox', /Was schlagen Sie vor/);
  await ada.to('textbox', /^Ihr Vorschlag/);
  await ada.press('Control+a');
  await ada.type('Wir begleiten alle Kinder.');
  await ada.to('textbox', /Begründung/);
  await ada.type('Fördern klingt von oben.');
  await ada.to('button', /^Vorschlagen$/);
  await ada.press('Enter');
  await ada.hears(/Ihr Vorschlag ist unterwegs/);
  await ada.at('button', /^Vorschlagen$/);
  await ada.page.locator('[data-effect] ins', { hasText: 'begleiten' }).waitFor();
  await assertAccessible(ada.page);
  await ada.press('Escape');
  await ada.at('textbox', /Leitlinie I, Punkt 2/);

  // Deciding, by somebody else who comes by keyboard, too.
  const faye = await joined(visit, facilitates, 'Faye');
  await faye.to('textbox', /Leitlinie I, Punkt 2/);
  await faye.to('button', /Offene Kommentare und Vorschläge: 2/);
  await faye.press('Enter');
  await faye.at('tab', /./);
  await faye.press('Home', 'ArrowRight');
  await faye.at('tab', /^Vorschläge/);
  await faye.to('textbox', /Begründung \(freiwillig\)/);
  await faye.type('Gut gesehen.');
  await faye.to('button', /^Annehmen/);
  await faye.press('Enter');
  await faye.hears(/[Aa]ngenommen/);
  await faye.at('tab', /^Vorschläge/);
  await assertAccessible(faye.page);
  await until('the words are there', async () => (await words()).includes('Wir begleiten alle Kinder.'));

  // No trap: from anywhere Tab comes to the end of the page, and Shift+Tab back to its beginning.
  await faye.press('Escape');
  await faye.at('textbox', /Leitlinie I, Punkt 2/);
  await faye.to('link', /Barrierefreiheit/);
  await faye.to('link', /Zum Inhalt/, 'Shift+Tab');
});

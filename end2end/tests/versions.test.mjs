// Versions: names, the slider, differences, bringing back, freezing, decisions.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { violations } from '../lib/axe.mjs';
import { browserTest } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { editorAddress, join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

const history = (ags) => `/kommune/${ags}/leitbild/verlauf`;

/** axe has nothing to say. */
async function checkPage(page) {
  assert.deepEqual((await violations(page)).lines, []);
}

/** Somebody who leads, and somebody who writes. */
async function two(visit, ags) {
  const [leading, writing] = await Promise.all([coordinator.makeLink(ags, 'facilitate'), coordinator.makeLink(ags)]);
  const [leader, writer] = await Promise.all([visit({ server }), visit({ server })]);
  const lead = await join(leader, leading, 'Frida');
  const write = await join(writer, writing, 'Ada');
  return { leader, lead, writer, write };
}

browserTest('a version is named, compared, and brought back while another types', async (visit) => {
  const ags = '05566';
  const { leader, lead, writer, write } = await two(visit, ags);
  const [first] = await lead.outline();
  const [point, other] = first.points;
  await lead.type('title', ' – vorher');
  await lead.saved();
  const title = await lead.words('title');
  const words = await lead.words(point);

  // From the editor's head to the form that keeps a version.
  await leader.page.locator('[data-action="keep-version"]').click();
  await leader.page.getByLabel('Name für diesen Stand').fill('Vor dem Workshop');
  await leader.page.getByRole('button', { name: 'Version festhalten' }).click();
  await leader.page.locator('[data-notice="named"]').waitFor();
  const named = leader.page.locator('[data-named] a', { hasText: 'Vor dem Workshop' });
  await named.waitFor();

  await write.field(point).fill('Jedes Kind kommt zu Wort.');
  await write.type('title', ' und nachher');
  await write.act(other, 'move-up');
  await write.saved();

  // The slider goes back by keyboard and says where it is.
  await leader.open(history(ags));
  const { page } = leader;
  const slider = page.getByRole('slider', { name: 'Stand vom' });
  await slider.press('Home');
  const beginning = await slider.getAttribute('aria-valuetext');
  assert.match(beginning, /^\d{1,2}\. \p{L}+ \d{4}, \d\d:\d\d$/u);
  await until('the address follows', () => /stand=\d+/.test(page.url()));
  await slider.press('End');
  await page.getByText('Der Text steht seit dem').waitFor();

  await named.click();
  await page.locator('[data-line="title"][data-change="changed"] ins', { hasText: 'und nachher' }).waitFor();
  const line = page.locator(`[data-line="${point}"]`);
  assert.match(await line.locator('del').first().innerText(), /./);
  assert.match(await line.innerText(), /geändert/);
  assert.match(await page.locator('[data-difference]').innerText(), /verschoben/);
  assert.match(await page.locator('[data-counts]').innerText(), /2 geändert, 1 verschoben/);
  await checkPage(page);

  // One text comes back while the other types elsewhere and stays in the field.
  await write.field('motto').focus();
  await line.locator('[data-action="restore-line"]').click();
  await write.field('motto').pressSequentially(' Und weiter.');
  await page.locator('[data-notice="restored"]').waitFor();
  await write.hasWords(point, words);
  await writer.page.locator('[data-notice="restored"]', { hasText: 'Vor dem Workshop' }).waitFor();
  await write.saved();
  assert.match(await write.words('motto'), / Und weiter\.$/);
  assert.notEqual(await write.words('title'), title, 'nothing else came back');

  // Everything: what came since goes, and can be found again.
  const motto = await write.words('motto');
  await page.locator('[data-restore] summary').click();
  await page.locator('[data-action="restore-all"]').click();
  await write.hasWords('title', title);
  await until('the motto is as before', async () => (await write.words('motto')) !== motto);
  await page.getByText('Der Text steht seit dem').waitFor();
  await page.locator('#gegen').selectOption({ label: 'nichts (nur den Text zeigen)' });
  await page.getByText('So stand der Text am').waitFor();
});

browserTest('the film runs to the end and can be stopped', async (visit) => {
  const ags = '05566';
  const reading = await coordinator.makeLink(ags, 'read');
  const reader = await visit({ server });
  await join(reader, reading, 'Rita', { reads: true });
  await reader.page.locator('[data-action="history"]').click();
  const { page } = reader;
  const slider = page.getByRole('slider', { name: 'Stand vom' });
  await slider.press('Home');
  await page.getByRole('button', { name: 'Abspielen' }).click();
  const at = () => slider.inputValue().then(Number);
  await until('it moves', async () => (await at()) > 1);
  await page.getByRole('button', { name: 'Anhalten' }).click();
  const stopped = await at();
  await page.getByRole('button', { name: 'Früher' }).click();
  assert.equal(await at(), stopped - 1);
  assert.equal(await page.locator('[data-action^="restore"], [data-action="name-version"], [data-stage-to]').count(), 0, 'reading only');
});

browserTest('a frozen text is fixed on open pages at once, and what was typed offline is kept', async (visit) => {
  const ags = '05515';
  const { leader, writer, write } = await two(visit, ags);
  writer.expect(/WebSocket|ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  await write.type('title', ' jetzt');
  await write.saved();
  const title = await write.words('title');
  await write.keptForOffline();
  await writer.context.setOffline(true);
  await write.offline();
  await write.type('title', ' und offline');
  await write.onDevice();

  const other = await visit({ server });
  const open = await join(other, await coordinator.makeLink(ags), 'Ben');
  await leader.page.locator('[data-action="history"]').click();
  await leader.page.getByRole('button', { name: /In den Ausschuss geben/ }).click();
  await other.page.locator('[data-notice="frozen"]', { hasText: 'im Ausschuss' }).waitFor();
  assert.equal(await other.page.locator('[data-field]').count(), 0, 'no field is left');
  await other.page.locator('.editor-stage [data-stage="committee"]').waitFor();
  await checkPage(other.page);

  await writer.context.setOffline(false);
  const recovered = writer.page.locator('[data-notice="recovered"]');
  await recovered.getByText('Der Text ist gerade fest').waitFor();
  assert.equal(await recovered.locator('textarea').inputValue(), `${title} und offline`);
  await writer.page.reload();
  await recovered.waitFor();
  assert.equal(await recovered.locator('textarea').inputValue(), `${title} und offline`, 'also after a reload');
  assert.match(await writer.page.locator('[data-editor="text"]').innerText(), new RegExp(title));
  assert.doesNotMatch(await writer.page.locator('[data-editor="text"]').innerText(), /und offline/);

  // Free again, without a reload.
  await leader.page.getByRole('button', { name: 'Zurück in den Entwurf' }).click();
  await open.writable();
  await open.type('title', ', wieder frei');
  await open.saved();
  await other.page.locator('[data-notice="frozen"]').waitFor({ state: 'detached' });
});

browserTest('a decision makes one version what citizens read, and a later one takes its place', async (visit) => {
  const ags = '05962';
  const { leader, lead } = await two(visit, ags);
  await lead.field('title').fill('Alle an einen Tisch');
  await lead.saved();
  const decide = async (body, fields) => {
    const { page } = leader;
    await leader.open(history(ags));
    await page.locator('[data-decision] summary').click();
    await page.getByLabel('Wer hat beschlossen?').selectOption(body);
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
    await page.locator('[data-action="decide"]').click();
  };
  const day = 'Tag des Beschlusses';
  leader.expect(/record_decision|status of 422/);
  await decide('Jugendhilfeausschuss', { [day]: '2025-02-27', Ja: 'viele' });
  await leader.page.getByText('Stimmen „Ja“: bitte eine ganze Zahl').waitFor();
  await checkPage(leader.page);
  await decide('Jugendhilfeausschuss', { [day]: '2025-02-27', Ja: '12', Nein: '0', Enthaltung: '2', Befangen: '1' });
  await leader.page.locator('[data-notice="adopted"]').waitFor();
  await leader.page.locator('[data-stage-label="adopted"]').waitFor();

  const citizen = await visit({ server });
  await citizen.open(`/kommune/${ags}`);
  const first = await citizen.text();
  assert.match(first, /Beschlossen: Jugendhilfeausschuss, 27\. Februar 2025 · Ja 12 · Nein 0 · Enthaltung 2 · befangen 1/);
  assert.match(first, /Alle an einen Tisch/);
  // Of the decisions it is one, and in force.
  await leader.page.getByRole('link', { name: /Jugendhilfeausschuss, 27\. Februar 2025/ }).click();
  await leader.page.getByRole('heading', { level: 1, name: 'Leitbild: beschlossene Fassung' }).waitFor();
  await leader.open(history(ags));

  await leader.page.getByRole('button', { name: 'Neue Runde öffnen' }).click();
  await leader.page.locator('[data-stage-label="draft"]').waitFor();
  await leader.open(editorAddress(ags));
  await lead.writable();
  await lead.field('title').fill('Noch mehr Stühle');
  await lead.saved();
  await citizen.page.reload();
  assert.match(await citizen.text(), /Alle an einen Tisch/, 'the draft goes on, what was decided stays');

  await decide('', { 'Name des anderen Gremiums (sonst leer lassen)': 'Kreistag und Rat', [day]: '2025-09-01' });
  await leader.page.locator('[data-stage-label="adopted"]').waitFor();
  await citizen.page.reload();
  assert.match(await citizen.text(), /Noch mehr Stühle/);
  await checkPage(citizen.page);
  await citizen.page.getByRole('link', { name: /Jugendhilfeausschuss, 27\. Februar 2025/ }).click();
  await citizen.page.getByText('Diese Fassung ist abgelöst').waitFor();
  await citizen.page.getByRole('heading', { level: 1, name: 'Leitbild: frühere Fassung' }).waitFor();
  assert.match(await citizen.text(), /Alle an einen Tisch/);
  await checkPage(citizen.page);
});

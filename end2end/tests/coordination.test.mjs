// What the coordinator does, on the pages: the password, links, imports, publishing.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before } from 'node:test';

import { browserTest } from '../lib/browser.mjs';
import { editorAddress, join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { ROOT } from '../lib/settings.mjs';
import { until } from '../lib/wait.mjs';

const PASSWORD = 'Birnbaum Regenschirm Laterne';

let server;
before(async () => (server = await startServer()));
after(() => server?.dispose());

const wiesental = () => readFile(path.join(ROOT, 'app/model/tests/fixtures/wiesental-profil.txt'), 'utf8');

// The tests of this file follow one another: the first sets the password.
const signedIn = async (visit, address, options) => {
  const visitor = await visit({ server, ...options });
  await visitor.open('/anmelden');
  await visitor.page.getByLabel('Passwort').fill(PASSWORD);
  await visitor.page.getByRole('button', { name: 'Anmelden' }).click();
  await visitor.page.waitForURL('**/koordination');
  await visitor.open(address);
  return visitor;
};

browserTest('the one-time link sets the password, once', async (visit) => {
  const visitor = await visit({ server, expect: [/\/api\/(set_password|sign_in)|status of [45]\d\d/] });
  const { page } = visitor;
  await visitor.open(server.oneTimeLink);
  await page.getByLabel('Neues Passwort').fill(PASSWORD);
  await page.getByRole('button', { name: 'Speichern und anmelden' }).click();
  await page.waitForURL('**/koordination');
  await page.getByRole('heading', { level: 1, name: 'Koordination' }).waitFor();
  assert.equal(await page.locator('.choices tbody tr').count(), 93);

  await page.getByRole('button', { name: 'Abmelden' }).click();
  await page.waitForURL((url) => url.pathname !== '/koordination');

  await visitor.open(server.oneTimeLink);
  await page.getByLabel('Neues Passwort').fill('ein anderes, das nicht gilt');
  await page.getByRole('button', { name: 'Speichern und anmelden' }).click();
  await page.getByText('Dieser Link gilt nicht mehr').waitFor();

  await visitor.open('/anmelden');
  await page.getByLabel('Passwort').fill('ein anderes, das nicht gilt');
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByText('Das Passwort stimmt nicht').waitFor();
});

browserTest('nobody else sees the coordination', async (visit) => {
  const visitor = await visit({ server, expect: [/status (40[13]|of 40[13])/] });
  await visitor.open('/koordination/05566');
  await visitor.page.getByText('Bitte melden Sie sich an').waitFor();
  assert.doesNotMatch(await visitor.text(), /Link erstellen/);
});

browserTest('a profile page is taken over on the coordinator’s page', async (visit) => {
  const coordinator = await signedIn(visit, '/koordination/05958', {});
  const { page } = coordinator;
  await page.getByLabel('Text der Seite').fill(await wiesental());
  await page.getByLabel('Quelle', { exact: true }).fill('Profilseite (erfunden)');
  await page.getByLabel('Datum der Quelle').fill('2024-05-01');
  await page.getByRole('button', { name: 'Übernehmen' }).click();
  await page.getByText(/Punkte im Entwurf:\s*10/).waitFor();

  const reader = await visit({ server });
  await reader.open('/kommune/05958');
  const text = await reader.text();
  assert.match(text, /212\.000[\s\S]*Profilseite \(erfunden\), 1\. Mai 2024/);
  assert.match(text, /36\.408/);
  assert.match(text, /Landrätin Dr\. Beispiel/);
  assert.match(text, /aufwachsen@wiesental\.example\.org/);
  assert.match(text, /noch nicht veröffentlicht/, 'the Leitbild is a draft');
  assert.doesNotMatch(text, /Starke Wurzeln/);

  // A second time the draft has text, and nothing of it may be lost; the facts are taken.
  await coordinator.open('/koordination/05958');
  await page.getByLabel('Text der Seite').fill(await wiesental());
  await page.getByLabel('Quelle', { exact: true }).fill('Profilseite (erfunden)');
  await page.getByLabel('Datum der Quelle').fill('2024-05-01');
  await page.getByRole('button', { name: 'Übernehmen' }).click();
  await page.getByText('Im Entwurf steht schon Text').waitFor();
  await page.getByText(/schon bekannt/).waitFor();
});

browserTest('a faulty table of facts is refused with line and reason', async (visit) => {
  const visitor = await signedIn(visit, '/koordination', { expect: [/import_facts|status of 4\d\d/] });
  const { page } = visitor;
  const head = 'ags,key,value,source,date\n';
  const csv = page.getByLabel('CSV-Daten');
  await csv.fill(`${head}05166,inhabitants,300000,Amt,2024\n05166,under_18,viele,Amt,2024\n`);
  await page.getByRole('button', { name: 'Übernehmen' }).click();
  await page.getByText('Zeile 3: „viele“ ist keine ganze Zahl.').waitFor();
  assert.match(await csv.inputValue(), /viele/, 'what was typed is still there');

  await csv.fill(`${head}05166,inhabitants,298000,Amt für Statistik,2024\n`);
  await page.getByRole('button', { name: 'Übernehmen' }).click();
  await page.getByText(/Neue Angaben:\s*1/).waitFor();
  await visitor.open('/kommune/05166');
  assert.match(await visitor.text(), /298\.000/);
  assert.doesNotMatch(await visitor.text(), /300\.000/, 'of the faulty table nothing was taken over');
});

browserTest('what a proxy says for the server is not taken for a new release', async (visit) => {
  const visitor = await signedIn(visit, '/koordination', { expect: [/import_facts|status of [45]\d\d/] });
  const { page, context } = visitor;
  const csv = page.getByLabel('CSV-Daten');
  const typed = 'ags,key,value,source,date\n05166,inhabitants,298000,Amt,2024\n';
  await csv.fill(typed);
  const html = (title) => ({ contentType: 'text/html', body: `<html><head><title>${title}</title></head></html>` });
  for (const [answer, says] of [
    [{ status: 413, ...html('413 Request Entity Too Large') }, /höchstens 2 MB/],
    [{ status: 502, ...html('502 Bad Gateway') }, /nicht erreichbar.*nichts verloren/],
    // An error of ours, packed by another release.
    [{ status: 404, contentType: 'application/x-postcard', body: Buffer.from([1, 2, 3, 4, 0]) }, /gerade aktualisiert/],
  ]) {
    await context.route('**/api/import_facts', (route) => route.fulfill(answer));
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    await page.getByRole('alert').filter({ hasText: says }).waitFor();
    assert.equal(await csv.inputValue(), typed, 'what was typed is still there');
    await context.unroute('**/api/import_facts');
  }
});

browserTest('publishing freezes the draft as it is', async (visit) => {
  const ags = '05962';
  const coordinator = await signedIn(visit, `/koordination/${ags}`);
  const { page } = coordinator;
  await page.getByText('Im Entwurf steht noch nichts').waitFor();
  await page.getByLabel('Wofür ist der Link?').fill('Auftakt');
  await page.getByRole('button', { name: 'Link erstellen' }).click();
  const url = (await page.locator('.new-link').innerText()).trim();
  assert.match(url, /\/einladung\/[a-z0-9]{20,}$/);
  await page.locator('.link', { hasText: 'Auftakt' }).getByText('mitschreiben').waitFor();

  const writer = await visit({ server });
  const editor = await join(writer, { url, ags }, 'Ada');
  assert.ok(!writer.page.url().includes(url.split('/').at(-1)), 'no secret stays in the address');
  await editor.type('title', 'Alle an einen Tisch');
  await editor.saved();

  const reader = await visit({ server });
  await reader.open(`/kommune/${ags}`);
  assert.match(await reader.text(), /noch nicht veröffentlicht/);
  assert.doesNotMatch(await reader.text(), /Alle an einen Tisch/);

  await coordinator.open(`/koordination/${ags}`);
  await page.getByRole('button', { name: 'Entwurf veröffentlichen' }).click();
  await page.getByText('Das Profil zeigt jetzt diese Fassung').waitFor();
  await writer.page.locator('[data-notice="published"]').waitFor();

  await reader.open(`/kommune/${ags}`);
  await reader.page.getByText('Alle an einen Tisch').waitFor();

  await editor.type('title', ' und an zwei');
  await editor.saved();
  await reader.open(`/kommune/${ags}`);
  assert.equal(await reader.page.locator('.leitbild-title').innerText(), 'Alle an einen Tisch');
  await reader.open(editorAddress(ags));
  assert.equal(await reader.page.locator('.leitbild-title').innerText(), 'Alle an einen Tisch');

  await coordinator.open(`/koordination/${ags}`);
  await page.getByRole('button', { name: 'Entwurf veröffentlichen' }).click();
  await page.getByText('Das Profil zeigt jetzt diese Fassung').waitFor();
  await reader.open(`/kommune/${ags}`);
  assert.equal(await reader.page.locator('.leitbild-title').innerText(), 'Alle an einen Tisch und an zwei');
});

browserTest('a life phase that is removed takes none of the others along', async (visit) => {
  const visitor = await signedIn(visit, '/koordination');
  const { page } = visitor;
  const german = (number) => page.getByLabel(`Lebensphase ${number}, deutsch`);
  const names = () =>
    page.locator('.phase-rows input[lang="de"]').evaluateAll((fields) => fields.map((field) => field.value));
  // Two empty rows follow.
  const shown = (phases) =>
    until('the rows show it', async () => JSON.stringify(await names()) === JSON.stringify([...phases, '', '']));
  const save = async () => {
    const saved = page.waitForResponse('**/api/set_phases');
    await page.getByRole('button', { name: 'Lebensphasen speichern' }).click();
    assert.equal((await saved).status(), 200);
  };
  const [first, second, ...rest] = (await names()).filter((name) => name !== '');
  assert.ok(second && rest.length > 0, 'at least three');
  // The middle one goes, and a new one comes at the end.
  await german(2).fill('');
  await page.getByLabel('Lebensphase 2, englisch').fill('');
  await german(rest.length + 3).fill('Danach');
  const expected = [first, ...rest, 'Danach'];
  await save();
  await shown(expected);
  await save();
  await visitor.open('/koordination');
  await shown(expected);
});

browserTest('somebody who asks for it is erased, and nobody else', async (visit) => {
  const ags = '05962';
  const coordinator = await signedIn(visit, `/koordination/${ags}`);
  const { page } = coordinator;
  await page.getByRole('button', { name: 'Link erstellen' }).click();
  const url = (await page.locator('.new-link').innerText()).trim();
  await join(await visit({ server }), { url, ags }, 'Yusuf');
  await coordinator.open(`/koordination/${ags}`);

  const ada = page.locator('.link', { hasText: 'Ada' });
  const yusuf = page.locator('.link', { hasText: 'Yusuf' });
  await page.getByText('Personen zeigen (2)').click();
  await ada.getByText('Löschen …').click();
  await ada.getByText('bleibt stehen, ohne ihren Namen').waitFor();
  await ada.getByRole('button', { name: 'Endgültig löschen' }).click();
  await page.getByText('Gelöscht.').waitFor();
  await ada.waitFor({ state: 'detached' });
  // Where hers stood open, the next person's must be opened first.
  await yusuf.getByText('Löschen …').waitFor();
  await yusuf.getByRole('button', { name: 'Endgültig löschen' }).waitFor({ state: 'hidden' });
  await yusuf.getByText('Löschen …').click();
  await yusuf.getByRole('button', { name: 'Endgültig löschen' }).click();
  await page.getByText('Noch ist niemand beigetreten').waitFor();
  assert.equal(await ada.count(), 0);

  // The page was rendered anew; leaving it by its own link must not trip over what it was before.
  const name = await page.getByRole('heading', { level: 1 }).innerText();
  await page.getByRole('link', { name: 'Zum Profil' }).click();
  await page.waitForURL(`**/kommune/${ags}`);
  await page.locator('.facts').waitFor();
  assert.equal(await page.title(), `${name} · Leitnetz`);
});

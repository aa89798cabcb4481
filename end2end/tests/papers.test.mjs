// A Leitbild as a file, out and in, and a point taken over from others in the network.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import mammoth from 'mammoth';

import { assertAccessible } from '../lib/axe.mjs';
import { browserTest, PHONE } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { editorAddress, join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const BONN = '05314';
/** Nothing stands in these drafts. */
const [EMPTY, ALSO_EMPTY] = ['05554', '05558'];
/** Has a draft, and nothing published. */
const DRAFT = '05566';

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

const takeOver = (ags) => `/kommune/${ags}/leitbild/uebernehmen`;

async function download(visitor, link) {
  const address = await link.getAttribute('href');
  const response = await visitor.context.request.get(address);
  assert.equal(response.status(), 200, address);
  return { response, headers: response.headers(), body: await response.body() };
}

browserTest('every file of a published Leitbild holds its text', async (visit) => {
  const visitor = await visit({ server });
  await visitor.open(`/kommune/${BONN}`);
  const link = (ending) => visitor.page.locator(`[data-download="${ending}"]`);
  const text = async (ending) => (await download(visitor, link(ending))).body.toString('utf8');

  assert.match(await text('md'), /^# Mut machen, mitgehen, loslassen\n[^]*\n## III\. Loslassen\n[^]*Quelle: Bonn/);
  assert.equal(JSON.parse(await text('json')).leitbild.guidelines.length, 3);
  const pdf = await download(visitor, link('pdf'));
  assert.match(pdf.headers['content-disposition'], /filename="Leitbild-Bonn-2026-01-15\.pdf"/);
  assert.equal(pdf.headers['content-type'], 'application/pdf');
  assert.match(pdf.body.toString('latin1'), /^%PDF-1\.7[^]*%%EOF\s*$/);

  // Another reader of Word files finds headings, lists and nothing it does not understand.
  const { body } = await download(visitor, link('docx'));
  const { value: html, messages } = await mammoth.convertToHtml({ buffer: body });
  assert.match(html, /<h1>I\. Mut machen<\/h1><ul><li>Wir fragen zuerst[^]*<h1>III\. Loslassen<\/h1><ul>/);
  // It knows headings and lists by their names; to the others it gives no element of their own.
  const unknown = messages.map(({ message }) => message).filter((message) => !/'(Title|Subtitle|Leitbild \w+)'/.test(message));
  assert.deepEqual(unknown, []);

  // The HTML is a page of its own, with its style and without a script.
  await link('html').click();
  await visitor.page.getByRole('heading', { level: 2, name: 'II. Mitgehen' }).waitFor();
  assert.equal(await visitor.page.locator('h1').evaluate((heading) => getComputedStyle(heading).lineHeight !== 'normal'), true);
  await assertAccessible(visitor.page);
});

browserTest('a pasted text is corrected and taken over, on a phone and without a script', async (visit) => {
  const link = await coordinator.makeLink(EMPTY, 'facilitate');
  const facilitator = await visit({ server, viewport: PHONE });
  const editor = await join(facilitator, link, 'Ada');
  const { page } = facilitator;
  await page.getByRole('link', { name: 'Vorhandenes Leitbild übernehmen' }).click();
  await page.waitForURL(`**${takeOver(EMPTY)}`);
  await assertAccessible(page);
  await page
    .getByLabel('Text einfügen')
    .fill('Starke Kinder\n\nAlle gehen mit\n\nI. Mut machen\n• Wir hören zu\n• Wir fragen </textarea><b>nach\n\nNoch ein Satz hier\n');
  await page.getByRole('button', { name: 'Weiter zur Vorschau' }).click();
  const row = (words) => page.locator('.row-line').filter({ has: page.locator('textarea', { hasText: words }) });
  await row('Mut machen').waitFor();
  assert.equal(await row('Mut machen').locator('select').inputValue(), 'guideline');
  assert.equal(await row('Wir fragen').locator('textarea').inputValue(), 'Wir fragen </textarea><b>nach');
  await assertAccessible(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  assert.ok(wide, 'nothing is wider than the phone');
  await row('Alle gehen mit').locator('select').selectOption('preamble');
  await row('Noch ein Satz').locator('select').selectOption('point');
  await row('Starke Kinder').locator('textarea').fill('Ganz starke Kinder');
  await page.getByRole('button', { name: 'In den Entwurf übernehmen' }).click();
  await page.getByText('Punkte: 3').waitFor();
  await page.getByRole('link', { name: 'Zum Entwurf' }).click();
  await editor.writable();
  await editor.hasWords('title', 'Ganz starke Kinder');
  const rows = (await editor.rows()).map(({ kind, words }) => `${kind}: ${words}`);
  assert.ok(rows.includes('paragraph: Alle gehen mit') && rows.includes('point: Noch ein Satz hier'), rows.join('\n'));

  // Without a script, and into what stands there now: the forms alone do it.
  const plain = await visit({ server, script: false });
  await plain.context.addCookies(coordinator.cookies);
  await plain.page.goto(takeOver(EMPTY));
  await plain.page.getByLabel('Text einfügen').fill('# Neu\n\n## II. Dazu\n\n- Noch einer\n');
  await plain.page.getByRole('button', { name: 'Weiter zur Vorschau' }).click();
  await plain.page.getByText('ersetzt wird nichts').waitFor();
  await plain.page.getByRole('button', { name: 'An den Entwurf anfügen' }).click();
  await plain.page.getByText('Übernommen.').waitFor();
  await until('the new point is there for the other', async () =>
    (await editor.blocks('point')).some(({ words }) => words === 'Noch einer'),
  );
  assert.equal(await editor.words('title'), 'Ganz starke Kinder');
});

browserTest('a Word file comes in as it went out, and one that lies is refused', async (visit) => {
  const visitor = await visit({ server, expect: [/422/] });
  await visitor.context.addCookies(coordinator.cookies);
  const { body } = await visitor.context.request.get(`/kommune/${BONN}/leitbild.docx`).then(async (response) => ({ body: await response.body() }));
  const { page } = visitor;
  const upload = async (name, buffer) => {
    await visitor.open(takeOver(ALSO_EMPTY));
    await page.getByLabel('Oder Datei auswählen').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    await page.getByRole('button', { name: 'Weiter zur Vorschau' }).click();
  };
  await upload('leitbild.docx', body.subarray(0, body.length - 200));
  await page.getByRole('alert').filter({ hasText: 'beschädigt' }).waitFor();
  await assertAccessible(page);
  await upload('leitbild.docx', Buffer.alloc(12 << 20, 'PK'));
  await page.getByRole('alert').filter({ hasText: 'höchstens 10 MB' }).waitFor();

  await upload('leitbild.docx', body);
  await page.getByRole('button', { name: 'In den Entwurf übernehmen' }).click();
  await page.getByText('Übernommen.').waitFor();
  const draft = await visitor.context.request.get(`/kommune/${ALSO_EMPTY}/leitbild/entwurf.json`);
  const published = await visitor.context.request.get(`/kommune/${BONN}/leitbild.json`);
  const words = ({ leitbild }) => ({
    ...leitbild,
    guidelines: leitbild.guidelines.map(({ title, points }) => [title, ...points.map((point) => point.text)]),
  });
  assert.deepEqual(words(await draft.json()), words(await published.json()));
});

browserTest('Einfache Sprache, life phases and origins go out and come in, in every format that is read', async (visit) => {
  const [from, ...others] = ['05962', '05958', '05914', '05913', '05911'];
  const origin = `${server.origin}/kommune/05314#b-eins`;
  await coordinator.takeOver(from, [
    ['title', 'Kein Kind allein'],
    ['preamble', 'Alle Kinder sollen gut aufwachsen.'],
    ['plain', 'Allen Kindern soll es gut gehen.'],
    ['guideline', 'Hinsehen'],
    ['phases', 'Kita; Übergang in den Beruf'],
    ['point', 'Wir fragen nach.'],
    ['plain', 'Wir fragen dich.'],
    ['phases', 'Grundschule'],
    ['source', `Übernommen aus Bonn, 15.01.2026, ${origin}`],
  ]);
  const visitor = await visit({ server });
  await visitor.context.addCookies(coordinator.cookies);
  const file = async (ags, ending) => {
    const response = await visitor.context.request.get(`/kommune/${ags}/leitbild/entwurf.${ending}`);
    assert.equal(response.status(), 200, ending);
    return response.body();
  };
  const { value: html } = await mammoth.convertToHtml({ buffer: await file(from, 'docx') });
  assert.match(html, /<p>Einfache Sprache: Allen Kindern soll es gut gehen\.<\/p><h1>I\. Hinsehen<\/h1><p>Lebensphasen: Kita; Übergang in den Beruf<\/p>/);
  assert.match(html, /<ul><li>Wir fragen nach\.<\/li><\/ul><p>Einfache Sprache: Wir fragen dich\.<\/p><p>Lebensphasen: Grundschule<\/p><p>Übernommen aus Bonn, 15\.01\.2026, http/);
  const bare = async (ags) => {
    const text = (await file(ags, 'json')).toString('utf8');
    return JSON.parse(text, (key, value) => (key === 'id' ? undefined : value)).leitbild;
  };
  const expected = await bare(from);
  assert.deepEqual(expected.guidelines[0].phases, ['kita', 'uebergang-beruf']);
  assert.equal(expected.guidelines[0].points[0].source.block, 'eins');
  const { page } = visitor;
  for (const [index, ending] of ['md', 'docx', 'html', 'json'].entries()) {
    await visitor.open(takeOver(others[index]));
    await page.getByLabel('Oder Datei auswählen').setInputFiles({ name: `leitbild.${ending}`, mimeType: 'application/octet-stream', buffer: await file(from, ending) });
    await page.getByRole('button', { name: 'Weiter zur Vorschau' }).click();
    await page.locator('[data-part="source"]').waitFor();
    if (index === 0) await assertAccessible(page);
    await page.getByRole('button', { name: 'In den Entwurf übernehmen' }).click();
    await page.getByText('Übernommen.').waitFor();
    assert.deepEqual(await bare(others[index]), expected, ending);
  }
});

browserTest('an answer that comes late does not take the place of what is searched for now', async (visit) => {
  const link = await coordinator.makeLink(DRAFT);
  const ada = await visit({ server });
  const editor = await join(ada, link, 'Ada');
  const [{ points: [first] }] = await editor.outline();
  const isLate = (request) => /search_network$/.test(request.url()) && (request.postData() ?? '').includes('Sprache');
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await ada.context.route('**/api/search_network', async (route) => {
    if (isLate(route.request())) await held;
    await route.continue();
  });
  await editor.act(first, 'panel');
  const panel = ada.page.locator(`[data-panel="${first}"]`);
  await panel.locator('[data-tab="network"]').click();
  const search = panel.locator('[data-network-search]');
  const asked = ada.page.waitForRequest(isLate);
  await search.fill('Familie Sprache Beratung');
  await asked;
  await search.fill('Xylophonquark');
  const nothing = panel.getByText('Dazu hat noch niemand etwas veröffentlicht');
  await nothing.waitFor();
  const answered = ada.page.waitForResponse((response) => isLate(response.request()));
  letGo();
  await (await answered).finished();
  await ada.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.ok(await nothing.isVisible());
  assert.equal(await panel.locator('[data-network-point]').count(), 0);
});

browserTest('a point of the network is found, taken over with its source, and undone in one step', async (visit) => {
  const link = await coordinator.makeLink(DRAFT);
  const ada = await visit({ server });
  const editor = await join(ada, link, 'Ada');
  const [{ points: [first] }] = await editor.outline();
  await editor.act(first, 'panel');
  const panel = ada.page.locator(`[data-panel="${first}"]`);
  await panel.locator('[data-tab="network"]').click();
  await panel.locator('[data-network-search]').fill('Familie Sprache Beratung');
  const found = panel.locator('[data-network-point]').filter({ hasText: 'Sprache der Familie' });
  await found.getByText('Bonn').waitFor();
  await assertAccessible(ada.page);
  const before = (await editor.blocks('point')).length;
  await found.getByRole('button', { name: 'Übernehmen von Bonn' }).click();
  const added = await until('the point is there', async () =>
    (await editor.blocks('point')).find(({ words }) => words.includes('Sprache der Familie')),
  );
  const [{ points }] = await editor.outline();
  assert.deepEqual(points.slice(0, 2), [first, added.field], 'right after the block');
  const source = editor.block(added.field).locator('[data-source]');
  assert.equal(await source.innerText(), 'Übernommen aus Bonn, 15. Januar 2026');
  await editor.saved();

  await ada.page.locator('[data-action="undo"]').first().click();
  await until('it is undone', async () => (await editor.blocks('point')).length === before);
  await ada.page.locator('[data-action="redo"]').first().click();
  await source.waitFor();
  await editor.saved();
  await coordinator.publish(DRAFT);
  await ada.open(`/kommune/${DRAFT}`);
  await ada.page.getByRole('link', { name: 'Übernommen aus Bonn, 15.01.2026' }).click();
  await ada.page.waitForURL(`**/kommune/${BONN}#b-*`);

  // Without a network it says so.
  await ada.open(editorAddress(DRAFT));
  await editor.writable();
  ada.expect(/ERR_INTERNET_DISCONNECTED|WebSocket connection/);
  await ada.context.setOffline(true);
  await editor.offline();
  await editor.act(first, 'panel');
  await ada.page.locator('[data-tab="network"]').click();
  await ada.page.locator('[data-offline]').waitFor();
});

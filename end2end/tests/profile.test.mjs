// What is known about a municipality, and what is said where nothing is.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { browserTest } from '../lib/browser.mjs';
import { startServer } from '../lib/server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.dispose());

const fact = (page, name) => page.locator('.fact', { has: page.locator('dt', { hasText: name }) });

browserTest('sources that disagree are both shown, each with its name', async (visit) => {
  const visitor = await visit({ server });
  await visitor.open('/kommune/05566');
  const joined = fact(visitor.page, 'Im Netzwerk seit');
  const rows = await joined.locator('dd:not(.disagreement)').allInnerTexts();
  const of = (year) => rows.filter((row) => row.startsWith(year));
  assert.ok(of('2012').some((row) => row.includes('Profilseite des Kreises Steinfurt')), rows.join('\n'));
  assert.ok(of('2017').some((row) => row.includes('Presseinformation')), rows.join('\n'));
  assert.ok(rows.every((row) => row.includes('Quelle:')), rows.join('\n'));
  await joined.getByText('Die Quellen nennen Verschiedenes').waitFor();
  assert.match(await visitor.text(), /Das Leitbild ist noch nicht veröffentlicht/);
});

browserTest('what is not known is called unknown, not zero', async (visit) => {
  const visitor = await visit({ server });
  await visitor.open('/kommune/05566');
  for (const name of ['Einwohnerinnen und Einwohner', 'Kinder und Jugendliche unter 18', 'Website']) {
    assert.equal(await fact(visitor.page, name).locator('dd').innerText(), 'nicht bekannt', name);
  }
  // No source says since when Essen is a member, and nobody is named.
  await visitor.open('/kommune/05113');
  assert.equal(await fact(visitor.page, 'Im Netzwerk seit').locator('dd').innerText(), 'nicht bekannt');
  assert.match(await visitor.text(), /Es ist kein Kontakt hinterlegt/);
  await visitor.open('/?jahr=unbekannt');
  await visitor.page.getByRole('link', { name: 'Essen', exact: true }).waitFor();
});

browserTest('a published Leitbild reads as text with numbered Leitlinien', async (visit) => {
  const visitor = await visit({ server });
  await visitor.open('/kommune/05314');
  const headings = await visitor.page.locator('.leitbild-guidelines h3').allInnerTexts();
  assert.deepEqual(headings.map((heading) => heading.replaceAll(/\s+/g, ' ')), ['I. Mut machen', 'II. Mitgehen', 'III. Loslassen']);
  assert.match(await visitor.text('.profile-leitbild'), /Veröffentlicht am 15\. Januar 2026/);
  assert.match(await visitor.text('.quote'), /Beispielperson der Stadtspitze/);
});

browserTest('a Kreis and its towns lead to one another', async (visit) => {
  const visitor = await visit({ server });
  await visitor.open('/kommune/05566');
  await visitor.page.getByRole('link', { name: 'Rheine', exact: true }).click();
  await visitor.page.getByRole('heading', { level: 1, name: 'Rheine' }).waitFor();
  await visitor.page.getByRole('link', { name: 'Kreis Steinfurt', exact: true }).click();
  await visitor.page.getByRole('heading', { level: 1, name: 'Kreis Steinfurt' }).waitFor();
});

browserTest('an address without a municipality says so', async (visit) => {
  const visitor = await visit({ server, expect: [/status 404|status of 404/] });
  for (const address of ['/kommune/05999', '/kommune/99999999', '/kommune/abc', '/kommune/05999/leitbild/bearbeiten', '/gibt/es/nicht']) {
    const response = await visitor.open(address);
    assert.equal(response.status(), 404, address);
    await visitor.page.getByRole('heading', { level: 1, name: 'Diese Seite gibt es nicht' }).waitFor();
    await visitor.page.getByRole('link', { name: 'Zur Karte des Netzwerks' }).waitFor();
  }
});

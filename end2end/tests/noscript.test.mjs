// Everything that can be read can be read without JavaScript, and one can join.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { browserTest } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

browserTest('without JavaScript: filter, list, map, profile, published text', async (visit) => {
  const { page } = await visit({ server, script: false });
  await page.goto('/');
  await page.getByLabel('Bezirk', { exact: true }).selectOption('muenster');
  await page.getByRole('button', { name: 'Anzeigen' }).click();
  await page.waitForURL(/bezirk=muenster/);
  const names = await page.locator('.members .member a:visible').allInnerTexts();
  assert.ok(names.includes('Kreis Steinfurt') && !names.includes('Köln'), names.join(', '));
  assert.ok((await page.locator('.map-picture a[href^="/kommune/"]').count()) >= 93);

  await page.goto('/');
  await page.getByRole('link', { name: 'Bonn', exact: true }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Bonn' }).waitFor();
  await page.getByText('Mut machen, mitgehen, loslassen').waitFor();
  assert.equal(await page.getByText('335.000').count(), 1);
  await page.goto('/kommune/05314/leitbild/bearbeiten');
  await page.getByText('Mut machen, mitgehen, loslassen').waitFor();
});

browserTest('without JavaScript: joining by a link and reading the draft', async (visit) => {
  const link = await coordinator.makeLink('05566');
  const { page } = await visit({ server, script: false });
  await page.goto(link.url);
  await page.getByLabel('Wie heißen Sie?').fill('Ada');
  await page.getByRole('button', { name: 'Mitmachen' }).click();
  await page.waitForURL('**/kommune/05566/leitbild/bearbeiten');
  // Searching by text passes over what stands in <noscript>.
  await page.locator('noscript .notice', { hasText: 'Zum Mitschreiben muss JavaScript eingeschaltet sein' }).waitFor();
  assert.ok((await page.locator('[data-editor="text"] [data-block]').count()) > 5);
  assert.equal(await page.locator('[data-field]').count(), 0, 'nothing that looks as if one could type');
});

browserTest('without JavaScript: what would answer into nothing is not offered, and says why', async (visit) => {
  const { page, context } = await visit({ server, script: false });
  await context.addCookies(coordinator.cookies);
  for (const [address, button] of [
    ['/koordination', 'Übernehmen'],
    ['/koordination/05566', 'Übernehmen'],
    ['/koordination/05566', 'Link erstellen'],
  ]) {
    await page.goto(address);
    await page.locator('noscript .hint', { hasText: 'Dafür braucht diese Seite JavaScript' }).first().waitFor();
    assert.ok(await page.getByRole('button', { name: button }).isDisabled(), `${address}: ${button}`);
  }
});

browserTest('a missing name is said, also without JavaScript', async (visit) => {
  const link = await coordinator.makeLink('05566');
  const { page } = await visit({ server, script: false });
  await page.goto(link.url);
  await page.getByLabel('Wie heißen Sie?').fill('   ');
  await page.getByRole('button', { name: 'Mitmachen' }).click();
  // On the page of the form, where it can be corrected at once.
  await page.getByText('Bitte geben Sie einen Namen ein').waitFor();
  await page.getByLabel('Wie heißen Sie?').waitFor();
});

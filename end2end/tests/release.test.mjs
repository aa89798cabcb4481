// A new release while somebody writes: another folder of files on the server, and another service worker.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { rm } from 'node:fs/promises';

import { browserTest, SERVER_AWAY } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { converged, join } from '../lib/editor.mjs';
import { anotherRelease } from '../lib/release.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const AGS = '05566';

let server;
let coordinator;
let release;
before(async () => {
  [server, release] = await Promise.all([startServer(), anotherRelease()]);
  coordinator = await coordinatorOf(server);
});
after(async () => {
  await server?.dispose();
  if (release) await rm(release.folder, { recursive: true, force: true });
});

/** The hashed files that the page was made of. */
const files = (page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((name) => name.startsWith('/pkg/')),
  );

/** The page that is kept for opening without a network. */
const keptPage = (page) =>
  page.evaluate(async () => {
    const { pathname } = location;
    const copy = await caches.match(pathname, { cacheName: `leitnetz-page:${pathname}` });
    return copy.text();
  });

browserTest('an open page keeps its unsent words and its files; the next load has the new ones', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const ada = await join(await visit({ server, expect: [SERVER_AWAY] }), link, 'Ada');
  await ada.keptForOffline();
  const { context } = ada.visitor;
  const first = await files(ada.page);
  assert.ok(first.length > 3 && first.every(release.isOld), first.join(' '));

  // The release: the server goes while she writes, and comes back with other files.
  await ada.page.evaluate(() => (globalThis.isSamePage = true));
  await server.stop();
  await ada.offline();
  await ada.type('title', ' Während der Umstellung.');
  await ada.onDevice();
  server.release = release.folder;
  await server.start();
  await ada.saved();
  const notice = ada.page.locator('[data-notice="outdated"]');
  await notice.waitFor();
  assert.ok(await ada.page.evaluate(() => globalThis.isSamePage), 'nobody took the page away');
  await ada.type('title', ' Und danach.');
  await ada.saved();

  // Without a network she still has what was kept: the old page, with words that nobody else has.
  await context.setOffline(true);
  await ada.offline();
  await ada.type('closing', ' Noch nicht fort.');
  await ada.onDevice();
  await ada.page.reload();
  await ada.writable();
  assert.match(await ada.words('closing'), / Noch nicht fort\.$/);
  const kept = await files(ada.page);
  assert.ok(kept.length > 0 && kept.every(release.isOld), kept.join(' '));

  // The next load over the network is the new release, with the words.
  await context.setOffline(false);
  await ada.page.reload();
  await ada.writable();
  await ada.saved();
  const second = await files(ada.page);
  assert.ok(second.length > 3 && second.every(release.isNew), second.join(' '));
  assert.match(await ada.words('title'), / Während der Umstellung\. Und danach\.$/);
  assert.match(await ada.words('closing'), / Noch nicht fort\.$/);
  assert.equal(await notice.count(), 0);
  await until('the outbox is empty', async () => (await ada.outbox()).length === 0);

  // And from now on that is what is kept.
  await until('the new page is kept', async () => release.isNew(await keptPage(ada.page)));
  await context.setOffline(true);
  await ada.page.reload();
  await ada.writable();
  const offline = await files(ada.page);
  assert.ok(offline.length > 0 && offline.every(release.isNew), offline.join(' '));
  await context.setOffline(false);
  const ben = await join(await visit({ server }), link, 'Ben');
  await ada.saved();
  await converged(ada, ben);
  assert.match(await ben.words('closing'), / Noch nicht fort\.$/);
});

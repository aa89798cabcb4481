// Several pages of one browser, and pages that rest: no client id is shared, and nobody's words are lost.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { browserTest, ownBrowserTest, SERVER_AWAY } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { converged, Editor, editorAddress, join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { startTabs } from '../lib/tab.mjs';
import { until } from '../lib/wait.mjs';

const AGS = '05566';

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

async function ada(visit) {
  const link = await coordinator.makeLink(AGS);
  return join(await visit({ server, expect: [SERVER_AWAY] }), link, 'Ada');
}

/** Opens the same address in a second tab, as duplicating a tab does: with a copy of the session's storage. */
async function duplicate(editor) {
  const [page] = await Promise.all([
    editor.visitor.context.waitForEvent('page'),
    editor.page.evaluate(() => void window.open(location.href)),
  ]);
  const tab = new Editor(editor.visitor, editor.visitor.watch(page));
  await tab.writable();
  return tab;
}

browserTest('a duplicated tab has a client id of its own, and both write at once', async (visit) => {
  const first = await ada(visit);
  const second = await duplicate(first);
  await Promise.all([first.online(), second.online()]);
  await Promise.all([first.type('motto', 'AAAAAAAA'), second.type('closing', 'bbbbbbbb')]);
  await Promise.all([first.saved(), second.saved()]);
  await converged(first, second);

  // Both without a network: each keeps its own.
  await first.visitor.context.setOffline(true);
  await Promise.all([first.offline(), second.offline()]);
  await first.type('motto', 'CC');
  await second.type('motto', 'dd');
  await Promise.all([first.onDevice(), second.onDevice()]);
  const pages = new Set((await first.outbox()).map(([clientId]) => clientId));
  assert.equal(pages.size, 2);
  await first.visitor.context.setOffline(false);
  await Promise.all([first.saved(), second.saved()]);
  await converged(first, second);
  const motto = await first.words('motto');
  assert.ok(motto.includes('CC') && motto.includes('dd') && motto.includes('AAAAAAAA'), motto);
});

browserTest('a tab sends what another left behind, and leaves alone what a living one keeps', async (visit) => {
  const first = await ada(visit);
  const [second, third] = [await duplicate(first), await duplicate(first)];
  const { context } = first.visitor;
  await context.setOffline(true);
  await Promise.all([first.offline(), second.offline(), third.offline()]);
  await second.type('closing', ' Zweiter Tab.');
  await second.onDevice();
  await third.type('closing', ' Dritter Tab.');
  await third.onDevice();
  await second.page.close();
  await context.setOffline(false);
  await Promise.all([first.saved(), third.saved()]);
  await until('both tabs show the words of the closed one', async () =>
    (await Promise.all([first.words('closing'), third.words('closing')])).every(
      (words) => words.includes(' Zweiter Tab.') && words.includes(' Dritter Tab.'),
    ),
  );
  const words = await first.words('closing');
  assert.equal(words.split(' Zweiter Tab.').length, 2, 'once');
  await until('nothing is left over', async () => (await first.outbox()).length === 0);
});

browserTest('a frozen page lets go, and goes on when it is thawed', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const [visitor, other] = await Promise.all([visit({ server }), visit({ server })]);
  const [session, ben] = await Promise.all([join(visitor, link, 'Ada'), join(other, link, 'Ben')]);
  const cookies = await visitor.context.cookies();
  await session.page.goto('about:blank');
  const tabs = await startTabs();
  try {
    const ada = await tabs.open();
    await ada.send('Network.setCookies', { cookies: cookies.map(({ name, value }) => ({ name, value, url: server.origin })) });
    await ada.goto(server.origin + editorAddress(AGS));
    await ada.until('the page is live', `document.querySelector('[data-connection="online"]') && document.querySelector('textarea[data-field="title"]') && true`);
    await until('Ada is there', async () => (await ben.people()).join(' ').includes('Ada'));

    await ada.type('title', ' vor dem Frost');
    await tabs.open();
    await ada.until('it is behind the other tab', `document.hidden`);
    await ada.send('Page.setWebLifecycleState', { state: 'frozen' });
    await until('Ada is gone', async () => !(await ben.people()).join(' ').includes('Ada'));
    await ben.type('title', ' (Ben)');
    await ben.saved();

    await ada.send('Page.setWebLifecycleState', { state: 'active' });
    await ada.send('Page.bringToFront');
    await until('Ada is there again', async () => (await ben.people()).join(' ').includes('Ada'));
    await ada.type('title', ' und danach');
    await until('Ben has all of it', async () => {
      const title = await ben.words('title');
      return [' vor dem Frost', ' (Ben)', ' und danach'].every((words) => title.includes(words));
    });
    await ada.until('it is saved', `document.querySelector('[data-saved="saved"]') !== null`);
    assert.equal(await ada.look(`document.querySelector('[data-field="title"]').value`), await ben.words('title'));
  } finally {
    await tabs.close();
  }
});

// Playwright switches the cache of the back button off.
const BACK_FORWARD = { ignoreDefaultArgs: ['--disable-back-forward-cache'] };

ownBrowserTest('there and back by the back button loses nothing', BACK_FORWARD, async (visit) => {
  const editor = await ada(visit);
  const { page, visitor } = editor;
  await visitor.context.setOffline(true);
  await editor.offline();
  await editor.type('motto', ' Hin');
  await editor.onDevice();
  await visitor.context.setOffline(false);
  await page.goto(`/kommune/${AGS}`);
  await page.goBack();
  await editor.writable();
  await editor.type('motto', ' und zurück.');
  await editor.saved();
  assert.match(await editor.words('motto'), / Hin und zurück\.$/);
  await until('nothing is left over', async () => (await editor.outbox()).length === 0);
});

browserTest('a page that the browser puts aside lets go, and comes back as it was', async (visit) => {
  // Chromium puts no page aside that must not be stored (`no-store`), so it is told what it would be told.
  const link = await coordinator.makeLink(AGS);
  const [visitor, other] = await Promise.all([visit({ server }), visit({ server })]);
  const [editor, ben] = await Promise.all([join(visitor, link, 'Ada'), join(other, link, 'Ben')]);
  await editor.type('closing', ' Noch');
  const tell = (type) =>
    editor.page.evaluate((type) => window.dispatchEvent(new PageTransitionEvent(type, { persisted: true })), type);
  const locks = () => editor.page.evaluate(async () => (await navigator.locks.query()).held.length);
  await until('the page holds its lock', async () => (await locks()) === 1);
  await tell('pagehide');
  await editor.offline();
  await until('Ada is gone', async () => !(await ben.people()).join(' ').includes('Ada'));
  assert.equal(await locks(), 0);
  await tell('pageshow');
  await editor.online();
  await until('the page holds its lock', async () => (await locks()) === 1);
  await editor.type('closing', ' da.');
  await editor.saved();
  await converged(editor, ben);
  assert.match(await ben.words('closing'), / Noch da\.$/);
});

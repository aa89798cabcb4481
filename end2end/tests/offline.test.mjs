// Without a network, without a server, without room on the device: what was typed stays, and the page says where it is.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { browserTest, SERVER_AWAY } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { keepNothing } from '../lib/device.mjs';
import { converged, editorAddress, Editor, join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const AGS = '05566';
const SAVE_STATE = '.save-state';
/** What the outbox puts into one message at most, and a little for the message itself (app/model/src/limits.rs). */
const PIECE_BYTES = 256 * 1024 + 64;

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

/** Ada, who will lose her network, and Ben, who sees what arrives. */
async function adaAndBen(visit) {
  const link = await coordinator.makeLink(AGS);
  const [ada, ben] = await Promise.all([visit({ server, expect: [SERVER_AWAY] }), visit({ server, expect: [SERVER_AWAY] })]);
  return Promise.all([join(ada, link, 'Ada'), join(ben, link, 'Ben')]);
}

const says = (editor, text) => editor.page.locator(SAVE_STATE, { hasText: text }).waitFor();
const marks = (editor) => editor.page.locator('[data-unsaved]').evaluateAll((marks) => marks.map((mark) => mark.dataset.unsaved));

browserTest('what is typed without a network is on this device, is marked, and goes out afterwards', async (visit) => {
  const [ada, ben] = await adaAndBen(visit);
  await ada.online();
  assert.deepEqual(await ada.outbox(), []);
  await ada.visitor.context.setOffline(true);
  await ada.offline();
  await says(ada, 'alles bisher ist gespeichert');
  assert.deepEqual(await marks(ada), []);

  const [first] = await ada.outline();
  await ada.type('motto', ' Unterwegs.');
  await ada.type(first.points[0], ' Im Zug.');
  await ada.act(first.points[1], 'move-up');
  await ada.onDevice();
  await says(ada, 'Auf diesem Gerät gesichert');
  await until('three blocks are marked', async () => (await marks(ada)).join() === 'device,device,device');
  const kept = (await ada.outbox()).length;
  assert.ok(kept >= ' Unterwegs. Im Zug.'.length, `every letter is there: ${kept}`);
  assert.ok(!(await ben.words('motto')).includes('Unterwegs'), 'nobody else has it');

  await ada.visitor.context.setOffline(false);
  await ada.saved();
  assert.deepEqual(await marks(ada), []);
  await until('the outbox is empty', async () => (await ada.outbox()).length === 0);
  await converged(ada, ben);
  assert.match(await ben.words('motto'), / Unterwegs\.$/);
});

browserTest('a page that is killed without a network loses nothing; the next one opens without it and goes on', async (visit) => {
  const [ada, ben] = await adaAndBen(visit);
  await ada.keptForOffline();
  const { context } = ada.visitor;
  await context.setOffline(true);
  await ada.offline();
  await ada.type('closing', ' Vor dem Absturz.');
  await ada.onDevice();
  await ada.page.close();

  const second = new Editor(ada.visitor, await ada.visitor.newPage());
  await second.page.goto(editorAddress(AGS));
  await second.writable();
  assert.match(await second.words('closing'), / Vor dem Absturz\.$/);
  await second.onDevice();
  await second.type('closing', ' Danach.');
  await second.onDevice();

  // Once more, and with words of two pages that are gone.
  await second.page.close();
  const third = new Editor(ada.visitor, await ada.visitor.newPage());
  await third.page.goto(editorAddress(AGS));
  await third.writable();
  const pages = new Set((await third.outbox()).map(([clientId]) => clientId));
  assert.equal(pages.size, 2, 'no client id was used twice');
  await context.setOffline(false);
  await third.saved();
  await ben.hasWords('closing', await third.words('closing'));
  assert.match(await ben.words('closing'), / Vor dem Absturz\. Danach\.$/);
  await until('the outbox is empty', async () => (await third.outbox()).length === 0);
  await converged(third, ben);
});

browserTest('loading anew without a network keeps everything, and what others wrote comes in afterwards', async (visit) => {
  const [ada, ben] = await adaAndBen(visit);
  await ada.keptForOffline();
  await ada.visitor.context.setOffline(true);
  await ada.offline();
  await ada.type('title', ' (Ada)');
  await ada.onDevice();
  const before = await ada.rows();
  await ben.type('title', ' (Ben)');
  await ben.saved();

  await ada.page.reload();
  await ada.writable();
  assert.deepEqual(await ada.rows(), before);
  await says(ada, 'Auf diesem Gerät gesichert');
  await ada.visitor.context.setOffline(false);
  await ada.saved();
  await converged(ada, ben);
  const title = await ben.words('title');
  assert.ok(title.includes('(Ada)') && title.includes('(Ben)'), title);
});

browserTest('what was written in a long absence goes out in pieces', async (visit) => {
  const [ada, ben] = await adaAndBen(visit);
  const pieces = [];
  ada.page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (payload[0] === 0 && payload[1] > 0) pieces.push({ isAnswer: payload[1] === 1, bytes: payload.length });
    }),
  );
  await ada.visitor.context.setOffline(true);
  await ada.offline();
  const [first, second] = await ada.outline();
  const points = [...first.points, ...second.points].slice(0, 3);
  // Three are more than fit into one piece (app/model/src/limits.rs), one is not.
  for (const point of points) await ada.field(point).fill('Worte und noch mehr Worte. '.repeat(5_000));
  await ada.type('closing', ' Am Ende.');
  await ada.onDevice();
  await ada.visitor.context.setOffline(false);
  await ada.saved();
  const answer = pieces.findIndex(({ isAnswer }) => isAnswer);
  assert.ok(answer >= 2, `pieces before the answer: ${JSON.stringify(pieces)}`);
  for (const { bytes } of pieces) assert.ok(bytes <= PIECE_BYTES, JSON.stringify(pieces));
  await converged(ada, ben);
  assert.match(await ben.words('closing'), / Am Ende\.$/);
});

browserTest('the server restarts while a page is away', async (visit) => {
  const [ada, ben] = await adaAndBen(visit);
  await ada.visitor.context.setOffline(true);
  await ada.offline();
  await ada.type('motto', ' Während des Neustarts.');
  await ada.onDevice();
  await server.stop();
  await ben.offline();
  await ben.type('closing', ' Ohne Server.');
  await ben.onDevice();
  await server.start();
  await ben.saved();
  await ada.visitor.context.setOffline(false);
  await ada.saved();
  await converged(ada, ben);
  assert.match(await ben.words('motto'), / Während des Neustarts\.$/);
  assert.match(await ada.words('closing'), / Ohne Server\.$/);
});

browserTest('a browser that keeps nothing says so, and only "Gespeichert" is safe', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const visitor = await visit({ server, expect: [SERVER_AWAY] });
  await keepNothing(visitor);
  const ada = await join(visitor, link, 'Ada');
  await ada.page.locator('[data-notice="device"]', { hasText: 'kann nichts zwischenspeichern' }).waitFor();
  // There and back, so that the browser's own button leads to another page of ours.
  await ada.page.getByRole('link', { name: 'Netzwerk' }).first().click();
  await ada.page.waitForURL((url) => url.pathname === '/');
  await ada.page.goBack();
  await ada.writable();
  await ada.type('title', ' eins');
  await ada.saved();
  await visitor.context.setOffline(true);
  await ada.offline();
  await ada.type('title', ' zwei');
  await says(ada, 'noch nicht gespeichert');
  assert.equal(await ada.state(), 'pending');
  assert.deepEqual(await marks(ada), ['pending']);
  // A link of the page itself would take the words along: the browser asks, as it does when the tab is closed.
  const asked = ada.page.waitForEvent('dialog');
  const clicked = ada.page.getByRole('link', { name: 'Netzwerk' }).first().click({ noWaitAfter: true });
  const dialog = await asked;
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.dismiss();
  await clicked;
  assert.match(await ada.words('title'), / eins zwei$/);
  // So would the browser's own button.
  const askedAgain = ada.page.waitForEvent('dialog');
  const gone = ada.page.goForward({ timeout: 5_000 }).catch((error) => error);
  await (await askedAgain).dismiss();
  await gone;
  assert.match(await ada.words('title'), / eins zwei$/);
  await visitor.context.setOffline(false);
  await ada.saved();
  await ada.page.reload();
  await ada.writable();
  assert.match(await ada.words('title'), / eins zwei$/);
});

browserTest('a device that gets full says so, and goes on when there is room again', async (visit) => {
  const [ada] = await adaAndBen(visit);
  await ada.visitor.context.setOffline(true);
  await ada.offline();
  await ada.type('motto', ' Vorher.');
  await ada.onDevice();
  await ada.page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...entry) {
      if (globalThis.isFull) throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, entry);
    };
    globalThis.isFull = true;
  });
  await ada.type('motto', ' Voll.');
  await ada.page.locator('[data-notice="device"]', { hasText: 'kein Platz' }).waitFor();
  assert.equal(await ada.state(), 'pending');
  await ada.page.evaluate(() => (globalThis.isFull = false));
  // It tries again by itself.
  await ada.onDevice();
  await until('the notice is gone', async () => (await ada.page.locator('[data-notice="device"]').count()) === 0);
  await ada.visitor.context.setOffline(false);
  await ada.saved();
});

browserTest('a new release is told, and the page stays as it is', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const visitor = await visit({ server, expect: [SERVER_AWAY] });
  let release = 'js: one';
  let asked = 0;
  await visitor.context.route('**/hash.txt', (route) => {
    asked += 1;
    return route.fulfill({ body: release });
  });
  const ada = await join(visitor, link, 'Ada');
  await until('the page has asked', () => asked === 1);
  release = 'js: two';
  await visitor.context.setOffline(true);
  await ada.offline();
  await ada.type('title', ' bleibt');
  await ada.page.evaluate(() => (globalThis.isSamePage = true));
  await visitor.context.setOffline(false);
  const notice = ada.page.locator('[data-notice="outdated"]', { hasText: 'Eine neue Fassung von Leitnetz ist da' });
  await notice.waitFor();
  assert.ok(await ada.page.evaluate(() => globalThis.isSamePage));
  await ada.saved();
  await notice.getByRole('link', { name: 'Neu laden' }).click();
  await until('it is loaded anew', () => ada.page.evaluate(() => !globalThis.isSamePage));
  await ada.writable();
  assert.match(await ada.words('title'), / bleibt$/);
});

browserTest('only the editor and its files are kept; calls, the socket and other pages never are', async (visit) => {
  const [ada] = await adaAndBen(visit);
  await ada.keptForOffline();
  const { page, visitor } = ada;
  const path = editorAddress(AGS);
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map((request) => new URL(request.url).pathname);
  });
  assert.ok(kept.includes(path) && kept.some((name) => name.endsWith('.wasm')), kept.join(' '));
  const others = kept.filter((name) => ![path, '/favicon.svg'].includes(name) && !name.startsWith('/pkg/'));
  assert.deepEqual(others, []);

  const [file] = kept.filter((name) => name.endsWith('.wasm'));
  const get = (address, init) =>
    page.evaluate(
      ([address, init]) => fetch(address, init).then((response) => `${response.status}`, () => 'no network'),
      [address, init],
    );
  await visitor.context.setOffline(true);
  assert.equal(await get(file, { cache: 'no-store' }), '200', 'a hashed file comes from the cache');
  assert.equal(await get(`/api/open_editor?ags=${AGS}`), 'no network');
  assert.equal(await get('/'), 'no network');
  assert.equal(await get(path, { method: 'POST' }), 'no network');
  await visitor.context.setOffline(false);

  // The kept copy carries the policy that belongs to its nonce.
  const { policy, html } = await page.evaluate(async (path) => {
    const copy = await caches.match(path, { cacheName: `leitnetz-page:${path}` });
    return { policy: copy.headers.get('content-security-policy'), html: await copy.text() };
  }, path);
  const [, nonce] = policy.match(/'nonce-([^']+)'/);
  assert.ok(html.includes(`nonce="${nonce}"`));
});

browserTest('the kept copy goes with the link, and when the coordinator signs out', async (visit) => {
  const [link, other] = await Promise.all([coordinator.makeLink(AGS), coordinator.makeLink(AGS)]);
  const [guest, colleague] = await Promise.all([visit({ server }), visit({ server })]);
  const [ada, ben] = await Promise.all([join(guest, link, 'Ada'), join(colleague, other, 'Ben')]);
  await Promise.all([ada.keptForOffline(), ben.keptForOffline()]);
  const copies = ({ page }) =>
    page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('leitnetz-page:')).length);

  await coordinator.withdraw(link);
  await ada.page.locator('[data-notice="withdrawn"]').waitFor();
  await until('the copy is gone', async () => (await copies(ada)) === 0);

  await ben.page.evaluate(() =>
    fetch('/api/sign_out', {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    }),
  );
  await until('the copy is gone', async () => (await copies(ben)) === 0);
});

// What the server does not take stays with its author: on the page and on the device, until the author is done with it.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { browserTest } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const AGS = '05566';
const REFUSED = 4409;
/** Our message `refused`. */
const own = (type, payload) => {
  const json = Buffer.from(JSON.stringify(payload));
  return Buffer.concat([Buffer.from([100, type, json.length]), json]);
};
const refusal = (payload) => own(4, payload);
const readOnly = (payload) => own(7, payload);

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

browserTest('refused words stay as text over reloads, moves are named, and the page goes on', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const visitor = await visit({ server });
  // Between page and server: lets everything through, or nothing of what the page writes, and then refuses.
  const wire = { holds: false, page: undefined };
  await visitor.page.routeWebSocket(/\/sync\//, (page) => {
    const room = page.connectToServer();
    wire.page = page;
    page.onMessage((message) => {
      const isChange = message[0] === 0 && message[1] > 0;
      if (!(wire.holds && isChange)) room.send(message);
    });
  });
  const ada = await join(visitor, link, 'Ada');
  await ada.online();
  const [first, second] = await ada.outline();
  const moving = first.points[0];
  const name = (await ada.words(moving)).slice(0, 30);
  const title = await ada.words('title');

  wire.holds = true;
  await ada.type('title', ' – nicht angenommen');
  await ada.act(moving, 'move-down');
  await ada.act(second.points[0], 'remove');
  await ada.onDevice();
  wire.holds = false;
  wire.page.send(refusal({ code: 'text_too_long', fatal: true }));
  await wire.page.close({ code: REFUSED });

  const recovered = ada.page.locator('[data-notice="recovered"]');
  await recovered.waitFor();
  await ada.writable();
  await ada.hasWords('title', title);
  const text = recovered.locator('textarea');
  assert.equal(await text.inputValue(), `${title} – nicht angenommen`);
  await recovered.getByText('Dieser Text ist länger, als ein einzelnes Feld sein darf.').waitFor();
  await recovered.locator('li', { hasText: `Nicht verschoben: „${name}` }).waitFor();
  await recovered.locator('li', { hasText: 'Nicht entfernt: „' }).waitFor();
  assert.equal((await ada.outline())[0].points[0], moving, 'where it was');
  await until('nothing waits to be sent', async () => (await ada.outbox()).length === 0);

  // Under a new client id the page goes on.
  await ada.type('title', ' – angenommen');
  await ada.saved();
  await ada.page.reload();
  await ada.writable();
  await ada.online();
  assert.equal(await ada.words('title'), `${title} – angenommen`);
  assert.equal(await text.inputValue(), `${title} – nicht angenommen`, 'still there after loading anew');

  // Where the browser has no clipboard, as on pages without encryption, the words are selected instead.
  await ada.page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined }));
  await recovered.locator('[data-action="copy"]').click();
  await recovered.locator('[data-copied="no"]', { hasText: 'ließ sich nicht kopieren' }).waitFor();
  const selected = await text.evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd));
  assert.equal(selected, `${title} – nicht angenommen`);

  await recovered.locator('[data-action="dismiss"]').click();
  await until('it is gone', async () => (await recovered.count()) === 0);
  await ada.saved();
  await ada.page.reload();
  await ada.writable();
  await ada.online();
  assert.equal(await recovered.count(), 0);
});

browserTest('a server that cannot save says so, and nobody has to stop writing', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const visitor = await visit({ server });
  const wire = {};
  await visitor.page.routeWebSocket(/\/sync\//, (page) => {
    const room = page.connectToServer();
    wire.page = page;
    // Nothing is called saved meanwhile.
    room.onMessage((message) => !(wire.full && message[0] === 100 && message[1] === 2) && page.send(message));
  });
  const ada = await join(visitor, link, 'Ada');
  await ada.online();
  const notice = ada.page.locator('[data-notice="storage"]');
  assert.equal(await notice.isVisible(), false);
  wire.full = true;
  wire.page.send(readOnly({ reason: 'storage' }));
  await notice.waitFor();
  await ada.type('title', ' – weiter');
  await ada.onDevice();
  await ada.page.locator('.save-state', { hasText: 'sobald der Server wieder speichern kann' }).waitFor();
  wire.full = false;
  wire.page.send(readOnly(null));
  await notice.waitFor({ state: 'hidden' });
  await ada.type('title', '!');
  await ada.saved();
});

// Who gets in, who does not, and what happens to those who are in when a link is withdrawn or somebody misbehaves.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before } from 'node:test';

import { browserTest, SERVER_AWAY } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { editorAddress, join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { HELLO, MESSAGE_MAX_BYTES, openSocket, UPDATE, withPayload } from '../lib/socket.mjs';
import { until } from '../lib/wait.mjs';
import * as Y from 'yjs';

/** Published. */
const PUBLISHED = '05314';
/** A draft that is not published. */
const DRAFT = '05566';
const NOT_ALLOWED = 4401;
const REFUSED = 4409;
/** The connection ended without a goodbye. */
const CUT_OFF = 1006;
/** What the page may take beyond the promised second, for its own drawing and for looking. */
const SLACK_MS = 500;

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

browserTest('without a link: the published text, no draft, no socket', async (visit) => {
  const visitor = await visit({ server });
  const { page } = visitor;
  await visitor.open(editorAddress(PUBLISHED));
  await page.getByText('Zum Mitschreiben brauchen Sie einen Link').waitFor();
  await page.getByText('Mut machen, mitgehen, loslassen').waitFor();
  assert.equal(await page.locator('[data-field], textarea').count(), 0);

  await visitor.open(editorAddress(DRAFT));
  await page.getByText('Das Leitbild ist noch nicht veröffentlicht').waitFor();
  assert.equal(await page.locator('[data-editor]').count(), 0, 'nothing of the draft');

  assert.equal(await (await openSocket(server, DRAFT)).closed, NOT_ALLOWED);
  assert.equal(await (await openSocket(server, DRAFT, { token: 'a'.repeat(26) })).closed, NOT_ALLOWED);
  const code = await page.evaluate(
    (ags) => new Promise((resolve) => {
      new WebSocket(`ws://${location.host}/sync/${ags}`).onclose = (event) => resolve(event.code);
    }),
    DRAFT,
  );
  assert.equal(code, NOT_ALLOWED);
});

browserTest('a link counts for its own municipality only', async (visit) => {
  const link = await coordinator.makeLink(DRAFT);
  assert.equal(await (await openSocket(server, PUBLISHED, { token: link.secret })).closed, NOT_ALLOWED);
  const visitor = await visit({ server });
  await join(visitor, link, 'Ada');
  await visitor.open(editorAddress(PUBLISHED));
  await visitor.page.getByText('Zum Mitschreiben brauchen Sie einen Link').waitFor();
});

browserTest('a read-only link shows the draft, live, and takes nothing', async (visit) => {
  const [reading, writing] = await Promise.all([coordinator.makeLink(DRAFT, 'read'), coordinator.makeLink(DRAFT)]);
  const [reader, writer] = await Promise.all([visit({ server }), visit({ server })]);
  await join(reader, reading, 'Rita', { reads: true });
  const editor = await join(writer, writing, 'Ada');
  await reader.page.locator('[data-notice="read"]').waitFor();
  await editor.type('title', ' – jetzt');
  await reader.page.locator('[data-editor="text"] .block-title', { hasText: '– jetzt' }).waitFor();
  assert.equal(await reader.page.locator('[data-field]').count(), 0);
  assert.equal(await reader.page.getByRole('textbox').count(), 0);
  const before = await editor.words('title');

  // A program with that link that writes nevertheless.
  const doc = new Y.Doc();
  doc.getText('title').insert(0, 'Fremdes ');
  const cookies = (await reader.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  for (const identity of [{ token: reading.secret }, { cookies }]) {
    const socket = await openSocket(server, DRAFT, identity);
    socket.send(HELLO);
    socket.send(withPayload(UPDATE, Buffer.from(Y.encodeStateAsUpdate(doc))));
    // Its refusal is our message 4.
    await until('the update is refused', () => socket.frames.some((frame) => frame[0] === 100 && frame[1] === 4));
    socket.close();
  }
  await editor.type('title', '!');
  await editor.saved();
  assert.equal(await editor.words('title'), `${before}!`);
});

browserTest('a withdrawn link ends open pages within a second, and they say so', async (visit) => {
  const [link, other] = await Promise.all([coordinator.makeLink(DRAFT), coordinator.makeLink(DRAFT)]);
  const [guest, colleague] = await Promise.all([visit({ server }), visit({ server })]);
  const editor = await join(guest, link, 'Ada');
  const stays = await join(colleague, other, 'Ben');
  const program = await openSocket(server, DRAFT, { token: link.secret });
  // A field beside the text goes, too.
  const [{ points: [point] }] = await editor.outline();
  await editor.act(point, 'panel');
  await guest.page.locator(`[data-panel="${point}"] [data-tab="plain"]`).click();
  await guest.page.locator(`[data-field="${point}:plain"]`).waitFor();

  await coordinator.withdraw(link);
  const from = Date.now();
  const [code, closedAfter, saidAfter] = await Promise.all([
    program.closed,
    program.closed.then(() => Date.now() - from),
    guest.page.locator('[data-notice="withdrawn"]').waitFor().then(() => Date.now() - from),
  ]);
  assert.equal(code, NOT_ALLOWED);
  assert.ok(closedAfter <= 1000, `the socket was closed after ${closedAfter} ms`);
  assert.ok(saidAfter <= 1000 + SLACK_MS, `the page said so after ${saidAfter} ms`);
  assert.equal(await guest.page.locator('[data-field]:not([readonly])').count(), 0, 'no field is left');

  await stays.type('motto', '.');
  await stays.saved();
  guest.expect(/status (404|410)|status of (404|410)/);
  await guest.page.goto(link.url);
  await guest.page.getByText('Dieser Link gilt nicht mehr').waitFor();
  await guest.page.goto(editorAddress(DRAFT));
  await guest.page.getByText('Zum Mitschreiben brauchen Sie einen Link').waitFor();
});

browserTest('who sends nonsense is refused, and nobody else notices', async (visit) => {
  const link = await coordinator.makeLink(DRAFT);
  const visitor = await visit({ server });
  const editor = await join(visitor, link, 'Ada');
  const nonsense = {
    'random bytes as an update': withPayload(UPDATE, Buffer.concat([Buffer.from([1, 1]), randomBytes(400)])),
    'an update that is too large': withPayload(UPDATE, Buffer.alloc(MESSAGE_MAX_BYTES)),
    // The server stops reading in the middle of it, so its goodbye may not get through.
    'a frame that is far too large': Buffer.alloc(2 * MESSAGE_MAX_BYTES),
    'half a message': Buffer.from([0, 2, 250]),
    'text instead of bytes': 'Guten Tag',
  };
  for (const [what, frame] of Object.entries(nonsense)) {
    const socket = await openSocket(server, DRAFT, { token: link.secret });
    socket.send(HELLO);
    socket.send(frame);
    const code = await socket.closed;
    assert.ok(code === REFUSED || (frame.length > MESSAGE_MAX_BYTES + 100 && code === CUT_OFF), `${what}: ${code}`);
    await editor.type('closing', '·');
    await editor.saved();
  }
  assert.match(await editor.words('closing'), /·····$/);
});

browserTest('a page that comes back says where it is and goes on', async (visit) => {
  const link = await coordinator.makeLink(DRAFT);
  const visitor = await visit({ server, expect: [SERVER_AWAY] });
  const editor = await join(visitor, link, 'Ada');
  await visitor.context.setOffline(true);
  await editor.offline();
  await visitor.page.locator('.save-state', { hasText: 'Keine Verbindung' }).waitFor();
  await editor.type('motto', ' Weiter.');
  await visitor.context.setOffline(false);
  await editor.saved();
  await visitor.page.reload();
  await editor.writable();
  assert.match(await editor.words('motto'), / Weiter\.$/);
});

// Clients from npm in the mix: yjs with the y-websocket provider. They go offline, write on, and come back to a server
// that was restarted meanwhile.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

import { browserTest, SERVER_AWAY } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

/** Has an example text: three Leitlinien with points. */
const AGS = '05566';

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
const clients = [];
after(async () => {
  for (const client of clients) client.leave();
  await server?.dispose();
});

/** A program with yjs and nothing of ours; it may begin with a document that it kept. */
class YjsClient {
  constructor(link, kept) {
    this.doc = new Y.Doc();
    if (kept) Y.applyUpdate(this.doc, kept);
    this.provider = new WebsocketProvider(`${server.origin.replace('http', 'ws')}/sync`, AGS, this.doc, {
      params: { token: link.secret },
      WebSocketPolyfill: WebSocket,
      // Only over the server, not from one to the other within this process.
      disableBc: true,
      connect: !kept,
    });
    clients.push(this);
  }

  get title() {
    return this.doc.getText('title');
  }

  get blocks() {
    return this.doc.getMap('blocks');
  }

  synced() {
    return until('a Yjs client is in step', () => this.provider.synced);
  }

  /** Ends the program; what it kept. */
  leave() {
    const kept = Y.encodeStateAsUpdate(this.doc);
    this.provider.destroy();
    // Ends the timer of its awareness, which would keep this process alive.
    this.doc.destroy();
    return kept;
  }

  /** A block as `app/model/src/doc/mod.rs` says: created once, with its texts, under a random id. */
  addParagraph(id, words) {
    this.doc.transact(() => {
      const block = new Y.Map();
      this.blocks.set(id, block);
      block.set('kind', 'paragraph');
      block.set('place', '- zz1');
      block.set('text', new Y.Text(words));
      block.set('plain', new Y.Text());
    });
  }

  /** Everything it holds, for comparing. */
  state() {
    return JSON.stringify([this.title.toString(), sorted(this.blocks.toJSON())]);
  }
}

function sorted(object) {
  return Object.entries(object)
    .map(([key, block]) => [key, Object.entries(block).sort()])
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

browserTest('programs with yjs come back with what they wrote offline', async (visit) => {
  const links = await Promise.all([1, 2, 3, 4].map(() => coordinator.makeLink(AGS)));
  const ada = await join(await visit({ server, expect: [SERVER_AWAY] }), links[0], 'Ada');
  const [one, two, three] = links.slice(1).map((link) => new YjsClient(link));
  await Promise.all([one.synced(), two.synced(), three.synced()]);
  const [guideline] = await ada.outline();

  // Offline, each in its own way: two stay open, the third ends and begins again with the document that it kept.
  one.provider.disconnect();
  two.provider.disconnect();
  const four = new YjsClient(links[3], three.leave());
  one.title.insert(0, '[eins] ');
  one.title.insert(one.title.length, ' [noch eins]');
  one.blocks.get(guideline.points[0]).get('text').insert(0, '[Punkt] ');
  two.title.insert(0, '[zwei] ');
  two.addParagraph('zweierabsatz', '[Absatz]');
  two.blocks.get(guideline.points[1]).get('text').delete(0, 4);
  four.title.insert(4, '[vier] ');
  four.blocks.get(guideline.points[0]).set('place', `${guideline.id} zz`);

  await ada.field('title').focus();
  await ada.page.keyboard.press('Control+End');
  await ada.page.keyboard.type(' [Seite]');
  await ada.saved();
  await server.stop();
  await ada.offline();
  await ada.page.keyboard.type(' [ohne Server]');
  await server.start();

  for (const client of [one, two, four]) client.provider.connect();
  await Promise.all([one.synced(), two.synced(), four.synced()]);
  const marks = ['[eins]', '[noch eins]', '[zwei]', '[vier]', '[Seite]', '[ohne Server]'];
  await until('everybody has everything', () => {
    const title = one.title.toString();
    return marks.every((mark) => title.includes(mark)) && [two, four].every((client) => client.state() === one.state());
  });
  for (const mark of marks) assert.equal(one.title.toString().split(mark).length, 2, `${mark} once`);
  assert.equal(one.blocks.get('zweierabsatz').get('text').toString(), '[Absatz]');
  await until('the page shows it', async () => {
    const rows = await ada.rows();
    const words = (field) => rows.find((row) => row.field === field)?.words;
    return (
      words('title') === one.title.toString() &&
      words('zweierabsatz') === '[Absatz]' &&
      words(guideline.points[0])?.startsWith('[Punkt] ')
    );
  });
  const [moved] = await ada.outline();
  assert.equal(moved.points.at(-1), guideline.points[0], 'the point went where the program put it');

  // Everything applied before a saved word is on the disk, also what programs brought that never ask.
  await ada.page.keyboard.type(' [zuletzt]');
  await ada.saved();
  for (const client of [one, two, four]) client.leave();
  await ada.visitor.context.setOffline(true);
  await server.kill();
  await server.start();
  const late = new YjsClient(links[1]);
  await late.synced();
  for (const mark of [...marks, '[zuletzt]']) assert.ok(late.title.toString().includes(mark), `${mark} is lost`);
  assert.equal(late.blocks.get('zweierabsatz').get('text').toString(), '[Absatz]');
  await ada.visitor.context.setOffline(false);
});

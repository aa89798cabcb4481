// People who write in one Leitbild, each as a Yjs client of npm: load for measurements in a browser.
//
//   URL=ws://127.0.0.1:3000/sync AGS=05566 TOKEN=… WRITERS=20 RATE=5 BLOCKS=300 node writers.mjs
//
// Fills the text up to so many blocks, prints "ready", and then each writer types so many letters a second, each in a
// block of its own that changes now and then, and deletes them again, until the process is ended. The carets go with
// the letters.

import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

// Each provider listens for the end of the process.
process.setMaxListeners(0);
const { URL: url, AGS: ags, TOKEN: token } = process.env;
const count = Number(process.env.WRITERS ?? 20);
const rate = Number(process.env.RATE ?? 5);
const blocks = Number(process.env.BLOCKS ?? 300);
/** A writer goes to another block after so many letters. */
const LETTERS = 40;
const WORDS = 'Kein Kind bleibt zurück, und jede Familie weiß, wer ihr hilft. ';

function connect() {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(url, ags, doc, { params: { token }, WebSocketPolyfill: WebSocket, disableBc: true });
  return { doc, provider, blocks: doc.getMap('blocks') };
}

const synced = ({ provider }) =>
  new Promise((resolve) => (provider.synced ? resolve() : provider.once('sync', resolve)));

/** Leitlinien with nine points each. */
function fill({ doc, blocks: map }) {
  doc.transact(() => {
    let guideline;
    for (let index = map.size; index < blocks; index += 1) {
      const block = new Y.Map();
      const id = `measure${String(index).padStart(5, 'a')}`;
      const isGuideline = !guideline || index % 10 === 0;
      if (isGuideline) guideline = id;
      block.set('kind', isGuideline ? 'guideline' : 'point');
      block.set('place', `${isGuideline ? '-' : guideline} k${String(index).padStart(5, '0')}V`);
      block.set('text', new Y.Text(WORDS.repeat(isGuideline ? 1 : 2)));
      block.set('plain', new Y.Text(''));
      map.set(id, block);
    }
  });
}

const writers = Array.from({ length: count }, connect);
/** Nobody may write there, or the server does not take it: better an error than to wait for ever. */
const PATIENCE_MS = 60_000;
const late = setTimeout(() => {
  console.error(`The text did not get ${blocks} blocks with everybody: may one write there?`);
  process.exit(1);
}, PATIENCE_MS);
await Promise.all(writers.map(synced));
fill(writers[0]);
const all = () => writers.every((writer) => writer.blocks.size >= blocks);
while (!all()) await new Promise((resolve) => setTimeout(resolve, 50));
clearTimeout(late);
for (const writer of writers) {
  const ids = [...writer.blocks.keys()];
  const next = () => {
    writer.field = ids[Math.floor(Math.random() * ids.length)];
    writer.text = writer.blocks.get(writer.field).get('text');
    writer.at = Math.floor(Math.random() * writer.text.length);
    writer.typed = 0;
  };
  next();
  const type = () => {
    if (writer.typed < LETTERS / 2) {
      writer.text.insert(writer.at + writer.typed, 'abcdefghij'[writer.typed % 10]);
    } else {
      writer.text.delete(writer.at, 1);
    }
    writer.typed += 1;
    const caret = Y.relativePositionToJSON(
      Y.createRelativePositionFromTypeIndex(writer.text, Math.min(writer.at + writer.typed, writer.text.length), -1),
    );
    writer.provider.awareness.setLocalState({ at: { field: writer.field, anchor: caret, head: caret } });
    if (writer.typed >= LETTERS) next();
  };
  // Not all at the same moment.
  setTimeout(() => setInterval(type, 1000 / rate), Math.random() * 1000);
}
console.log('ready');

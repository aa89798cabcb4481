// A small client that knows nothing of Leitnetz but docs/sync-protocol.md: yjs for the document, ws for the socket, and
// otherwise what is written there, over a WebSocket or over events and posts. Nothing of ours is imported.

import WebSocket from 'ws';
import * as Y from 'yjs';

const SYNC = 0;
const [STEP_1, STEP_2, UPDATE] = [0, 1, 2];
const OURS = 100;
const [HELLO, PING] = [0, 1];
const [WELCOME, PONG, SAVED, PEOPLE, REFUSED, , , READ_ONLY] = [0, 1, 2, 3, 4, 5, 6, 7];
const PING_EVERY_MS = 3_000;
const REMOTE = 'remote';

/** lib0's varuint. */
function varuint(number) {
  const bytes = [];
  for (; number > 127; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
  return [...bytes, number];
}

const message = (types, payload) =>
  Uint8Array.from([...types.flatMap(varuint), ...(payload ? [...varuint(payload.length), ...payload] : [])]);

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  varuint() {
    let number = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++];
      number += (byte & 127) * factor;
      if (byte < 128) return number;
    }
  }

  payload() {
    const length = this.varuint();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  json() {
    return JSON.parse(new TextDecoder().decode(this.payload()));
  }
}

export class Stranger {
  /** @param {{ origin: string, ags: string, token: string, events?: boolean }} where `events`: without a WebSocket */
  constructor({ origin, ags, token, events = false }) {
    Object.assign(this, { origin, ags, token, events });
    this.heard = [];
    this.lost = [];
    this.#begin();
  }

  /** With an empty document and a new client id. */
  #begin() {
    this.doc?.destroy();
    this.doc = new Y.Doc();
    /** Changes that are not saved, oldest first, each with the count of its message once it was sent. */
    this.unsaved = [];
    this.doc.on('update', (update, origin) => {
      if (origin === REMOTE) return;
      const change = { count: undefined };
      this.unsaved.push(change);
      if (this.answered) change.count = this.#sendCounted(UPDATE, update);
    });
  }

  async connect() {
    [this.sent, this.saved, this.answered, this.closed] = [0, 0, false, undefined];
    // It says hello and asks as soon as it can: the server's first message may come at once.
    await (this.events ? this.#openEvents() : this.#openSocket());
    this.pinging = setInterval(() => this.#send(message([OURS, PING])), PING_EVERY_MS);
  }

  #begins(carrier) {
    this.carrier = carrier;
    this.#send(message([OURS, HELLO]), 1);
    this.#send(message([SYNC, STEP_1], Y.encodeStateVector(this.doc)));
  }

  leave() {
    clearInterval(this.pinging);
    this.answered = false;
    this.carrier?.close();
    this.carrier = undefined;
  }

  #send(frame, ...more) {
    this.carrier?.send(Uint8Array.from([...frame, ...more]));
  }

  /** `Update` and `SyncStep2` are counted; answers with the count. */
  #sendCounted(kind, update) {
    this.#send(message([SYNC, kind], update));
    this.sent += 1;
    return this.sent;
  }

  take(frame) {
    const reader = new Reader(frame);
    const [type, kind] = [reader.varuint(), reader.varuint()];
    if (type === SYNC && kind === STEP_1) {
      // It holds everything, so everything counts with it, also what was sent before and did not count.
      const count = this.#sendCounted(STEP_2, Y.encodeStateAsUpdate(this.doc, reader.payload()));
      this.answered = true;
      for (const change of this.unsaved) change.count = count;
    } else if (type === SYNC) {
      Y.applyUpdate(this.doc, reader.payload(), REMOTE);
    } else if (type === OURS) {
      this.#ours(kind, reader);
    }
  }

  #ours(kind, reader) {
    if (kind === SAVED) {
      this.saved = reader.varuint();
      this.unsaved = this.unsaved.filter(({ count }) => count === undefined || count > this.saved);
    } else if (kind !== PONG && [WELCOME, PEOPLE, REFUSED, READ_ONLY].includes(kind)) {
      this.heard.push({ kind: { [WELCOME]: 'welcome', [PEOPLE]: 'people', [REFUSED]: 'refused' }[kind] ?? 'read_only', ...reader.json() });
    }
  }

  #ended(code) {
    this.closed = code;
    this.leave();
    if (code !== 4409) return;
    // The words that were not saved go on as text; everything else comes again, under a new id.
    this.lost.push(this.doc.getText('title').toString());
    this.#begin();
  }

  #openSocket() {
    const address = `${this.origin.replace('http', 'ws')}/sync/${this.ags}?token=${this.token}`;
    const socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    socket.on('message', (data) => this.take(new Uint8Array(data)));
    socket.on('close', (code) => this.carrier?.socket === socket && this.#ended(code));
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => {
        this.#begins({ socket, send: (frame) => socket.send(frame), close: () => socket.close() });
        resolve();
      });
    });
  }

  async #openEvents() {
    const stop = new AbortController();
    const at = (path) => `${this.origin}/sync/${this.ags}/${path}token=${this.token}`;
    const response = await fetch(at('events?'), { signal: stop.signal });
    const events = eventsOf(response.body);
    const { value: first } = await events.next();
    if (first.event !== 'connection') throw new Error(`closed with ${first.data}`);
    const carrier = { close: () => stop.abort() };
    // One post at a time, in their order, each with its number.
    let [last, posts] = [Promise.resolve(), 0];
    carrier.send = (frame) => {
      const length = new DataView(new ArrayBuffer(4));
      length.setUint32(0, frame.length);
      const body = Uint8Array.from([...new Uint8Array(length.buffer), ...frame]);
      last = last.then(async () => {
        posts += 1;
        const address = at(`messages?connection=${first.data}&post=${posts}&`);
        const answer = await fetch(address, { method: 'POST', body, signal: stop.signal });
        if (answer.status !== 204) throw new Error(`a post was answered with ${answer.status}`);
      });
      last.catch(() => stop.abort());
    };
    this.#begins(carrier);
    const listen = async () => {
      for await (const { event, data } of events) {
        if (event === 'close') return Number(data);
        this.take(Buffer.from(data, 'base64'));
      }
      return 1006;
    };
    listen()
      .catch(() => 1006)
      .then((code) => this.carrier === carrier && this.#ended(code));
  }
}

/** The events of a stream: `event` and `data`, comments left out. */
async function* eventsOf(body) {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const fields = block.split('\n').filter((line) => !line.startsWith(':'));
      const event = Object.fromEntries(fields.map((line) => line.split(/: ?(.*)/s).slice(0, 2)));
      if (event.data !== undefined) yield { event: 'message', ...event };
    }
  }
}

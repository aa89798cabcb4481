// The server dies while two people type, and comes back on the same data.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { browserTest, SERVER_AWAY } from '../lib/browser.mjs';
import { coordinatorOf } from '../lib/coordinator.mjs';
import { converged, editorAddress, join } from '../lib/editor.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const AGS = '05566';

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
after(() => server?.dispose());

/** Types numbered words until told to stop; keeps what the page called saved. */
class Writer {
  #stop = false;

  constructor(editor, field, name) {
    Object.assign(this, { editor, field, name, words: 0, saved: '' });
  }

  async write() {
    await this.editor.field(this.field).focus();
    await this.editor.page.keyboard.press('Control+End');
    while (!this.#stop) {
      this.words += 1;
      await this.editor.page.keyboard.type(` ${this.name}${this.words}`);
      // The page calls nothing saved while keys keep coming; every few words the writer takes a breath.
      if (this.words % 6 === 0) await until('saved, or the server is gone', () => this.#restedOrAlone(), { every: 10 });
    }
  }

  /** Notes what the page calls saved; one look at all of it, so that it belongs together. */
  async #restedOrAlone() {
    const { state, connection, text } = await this.editor.page.evaluate(
      (field) => {
        const { saved, connection } = document.querySelector('[data-saved]').dataset;
        return { state: saved, connection, text: document.querySelector(`[data-field="${field}"]`).value };
      },
      this.field,
    );
    if (state === 'saved') this.saved = text;
    return state === 'saved' || connection === 'offline';
  }

  stop() {
    this.#stop = true;
  }
}

browserTest('SIGKILL loses nothing that was called saved, and open pages send the rest', async (visit) => {
  const link = await coordinator.makeLink(AGS);
  const visitors = await Promise.all([visit({ server, expect: [SERVER_AWAY] }), visit({ server, expect: [SERVER_AWAY] })]);
  const [ada, ben] = await Promise.all([join(visitors[0], link, 'Ada'), join(visitors[1], link, 'Ben')]);
  const [first, second] = await ada.outline();
  const writers = [new Writer(ada, first.points[0], 'ada'), new Writer(ben, second.points[0], 'ben')];

  const writing = Promise.all(writers.map((writer) => writer.write()));
  // Looked at below; a test that fails before must not end with a second failure.
  writing.catch(() => {});
  await until('both have saved words', () => writers.every((writer) => writer.saved.includes(` ${writer.name}6`)), { every: 1 });
  // In the middle of a burst, so that there are words that nobody called saved.
  await until('one of them is typing', () => writers.some((writer) => writer.words % 6 === 3), { every: 1 });
  await server.kill();
  const atKill = writers.map((writer) => writer.words);
  await Promise.all([ada.offline(), ben.offline()]);
  // They go on without a server.
  await until('both typed on', () => writers.every((writer, index) => writer.words > atKill[index] + 1));
  writers.forEach((writer) => writer.stop());
  await writing;
  const claimed = writers.map((writer) => writer.saved);

  // Kept from the network, the pages cannot help: what is there now was on the disk.
  await Promise.all(visitors.map((visitor) => visitor.context.setOffline(true)));
  await server.start();
  const cookies = await visitors[0].context.cookies();
  const response = await fetch(server.origin + editorAddress(AGS), {
    headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
  });
  const draft = await response.text();
  for (const text of claimed) assert.ok(draft.includes(text), `saved, but lost: ${text}`);

  await Promise.all(visitors.map((visitor) => visitor.context.setOffline(false)));
  await Promise.all([ada.saved(), ben.saved()]);
  const rows = await converged(ada, ben);
  for (const writer of writers) {
    const { words } = rows.find((row) => row.field === writer.field);
    const expected = Array.from({ length: writer.words }, (_, index) => ` ${writer.name}${index + 1}`).join('');
    assert.ok(words.endsWith(expected), `${words}\nlacks\n${expected}`);
  }
  await ada.page.reload();
  await ada.writable();
  assert.deepEqual(await ada.rows(), rows);
});

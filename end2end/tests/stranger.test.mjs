// docs/sync-protocol.md says everything that a client needs: one that was written from it alone writes, is saved, survives
// restarts, refusals and a network without WebSockets.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { coordinatorOf } from '../lib/coordinator.mjs';
import { startServer } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';
import { Stranger } from '../node/stranger.mjs';

const AGS = '05566';
const TEXT_UNITS = 1_000_000;

let server;
let coordinator;
before(async () => {
  server = await startServer();
  coordinator = await coordinatorOf(server);
});
const strangers = [];
after(async () => {
  for (const stranger of strangers) stranger.leave();
  await server?.dispose();
});

async function stranger(link, events) {
  const stranger = new Stranger({ origin: server.origin, ags: AGS, token: link.secret, events });
  strangers.push(stranger);
  await stranger.connect();
  await until('it was answered', () => stranger.answered && stranger.saved > 0);
  return stranger;
}

const title = ({ doc }) => doc.getText('title').toString();
const saved = (stranger) => until('everything is saved', () => stranger.unsaved.length === 0);

for (const events of [false, true]) {
  const how = events ? 'events and posts' : 'a WebSocket';

  test(`a client written from the protocol's page works over ${how}`, async () => {
    const links = await Promise.all([coordinator.makeLink(AGS), coordinator.makeLink(AGS)]);
    const [ada, ben] = await Promise.all([stranger(links[0], events), stranger(links[1], false)]);
    await until('they know who is there', () => ada.heard.some(({ kind }) => kind === 'people'));
    assert.equal(ada.heard.find(({ kind }) => kind === 'welcome').role, 'participate');

    const mark = ` über ${how}`;
    for (const letter of mark) ada.doc.getText('title').insert(ada.doc.getText('title').length, letter);
    await until('the other one has it', () => title(ben).endsWith(mark));
    await saved(ada);
    assert.ok(ada.saved >= mark.length, `${ada.saved} messages are saved`);

    // The server goes without a word; both write on.
    await server.kill();
    await until('both notice', () => ada.closed && ben.closed);
    ada.doc.getText('motto').insert(0, 'Ada war fort. ');
    ben.doc.getText('motto').insert(0, 'Ben auch. ');
    assert.equal(ada.unsaved.length, 1);
    await server.start();
    await Promise.all([ada.connect(), ben.connect()]);
    await Promise.all([saved(ada), saved(ben)]);
    await until('both have both', () => [ada, ben].every(({ doc }) => /Ada war fort/.test(doc.getText('motto')) && /Ben auch/.test(doc.getText('motto'))));

    // Too much: it is refused, keeps its words, and goes on under a new id.
    const before = title(ada);
    ada.doc.getText('title').insert(0, 'zu viel '.repeat(TEXT_UNITS / 8));
    await until('it was refused', () => ada.closed === 4409);
    const { code, fatal } = ada.heard.find(({ kind }) => kind === 'refused');
    assert.deepEqual([code, fatal], ['text_too_long', true]);
    assert.match(ada.lost[0], /^zu viel /);
    await ada.connect();
    await until('the text is back', () => title(ada) === before);
    ada.doc.getText('title').insert(0, 'Weiter: ');
    await saved(ada);
    await until('the other one has it', () => title(ben) === `Weiter: ${before}`);
    ada.leave();
    ben.leave();
  });
}

test('a link that was withdrawn closes with 4401, and nobody is let in with it', async () => {
  const link = await coordinator.makeLink(AGS);
  const ada = await stranger(link, false);
  await coordinator.withdraw(link);
  await until('it is closed', () => ada.closed === 4401);
  const again = new Stranger({ origin: server.origin, ags: AGS, token: link.secret, events: true });
  await assert.rejects(again.connect(), /closed with 4401/);
});

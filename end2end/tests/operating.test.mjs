// What operators meet: commands while the server is stopped or runs, and starts that cannot work.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { freePort, runProgram, startServer } from '../lib/server.mjs';
import { ROOT, seeds } from '../lib/settings.mjs';

const PAGE = path.join(ROOT, 'app/model/tests/fixtures/wiesental-profil.txt');

let folder;
before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'leitnetz-files-'))));
after(() => rm(folder, { recursive: true, force: true }));

const get = async (server, address) => (await fetch(server.origin + address)).text();
/** Without tags and the marks between pieces of text. */
const plain = (html) => html.replaceAll(/<!--.*?-->|<!>|<[^>]*>/gs, '');

test('imports from files need the server stopped, and say so', async (t) => {
  const server = await startServer();
  t.after(() => server.dispose());
  const profile = ['import', 'profile', PAGE, '--ags', '05958', '--source', 'Profilseite (erfunden)', '--date', '2024'];
  const table = path.join(folder, 'fakten.csv');
  await writeFile(table, 'ags,key,value,source,date\n05166,inhabitants,298000,Amt,2024-06\n');

  for (const command of [profile, ['import', 'facts', table], ['password-link']]) {
    const refused = await server.run(...command);
    assert.equal(refused.code, 1, command.join(' '));
    assert.match(refused.stderr, /Ein anderer Leitnetz-Prozess benutzt/);
  }
  assert.equal(await server.stop(), 0, 'an orderly stop');

  const done = await server.run(...profile);
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /Übernommen: \d+ neue Angaben, 0 schon bekannt, 10 Punkte im Entwurf/);
  const again = await server.run(...profile);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /0 neue Angaben, \d+ schon bekannt, 0 Punkte im Entwurf[\s\S]*Im Entwurf steht schon Text/);
  assert.equal((await server.run('import', 'facts', table)).code, 0);
  const link = await server.run('password-link');
  assert.match(link.stdout, /\/zugang\/[a-z0-9]{20,}/);

  await server.start();
  const wiesental = plain(await get(server, '/kommune/05958'));
  assert.match(wiesental, /212\.000/);
  assert.match(wiesental, /Profilseite \(erfunden\), 2024/);
  assert.match(wiesental, /noch nicht veröffentlicht/);
  assert.match(plain(await get(server, '/kommune/05166')), /298\.000/);
});

test('files that cannot be taken over name line and reason', async (t) => {
  const server = await startServer();
  t.after(() => server.dispose());
  await server.stop();
  const file = async (name, content) => {
    await writeFile(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const head = 'ags,key,value,source,date\n';
  const profile = async (name, content, ags = '05958') =>
    ['import', 'profile', await file(name, content), '--ags', ags, '--source', 'S', '--date', '2024'];
  const cases = [
    [['import', 'facts', await file('a.csv', `${head}05166,under_18,viele,Amt,2024\n`)], /Zeile 2: „viele“ ist keine ganze Zahl/],
    [['import', 'facts', await file('b.csv', `${head}05166,joined,2012,,2024\n`)], /Zeile 2: Die Quelle fehlt/],
    [['import', 'facts', await file('c.csv', 'ags,key,value,date\n')], /fehlt die Spalte „source“/],
    [['import', 'facts', path.join(folder, 'nicht-da.csv')], /lässt sich nicht lesen/],
    [await profile('brief.txt', 'Ein Brief an die Nachbarn.\n'), /Nichts wurde übernommen/],
    [await profile('latin1.txt', Buffer.from([0x4c, 0xfc, 0x6e, 0x65])), /UTF-8/],
    [await profile('fremd.txt', await readFile(PAGE), '05999'), /Die Kommune 05999 ist nicht im Netzwerk/],
  ];
  for (const [command, sentence] of cases) {
    const { code, stdout, stderr } = await server.run(...command);
    assert.equal(code, 1, `${command.join(' ')}: ${sentence} was expected, not ${stdout}${stderr}`);
    assert.match(stderr, sentence);
  }
});

test('a second server on the same data is told apart from the first', async (t) => {
  const server = await startServer();
  t.after(() => server.dispose());
  const second = await runProgram(['serve'], { data: server.data, port: await freePort() });
  assert.equal(second.code, 1);
  assert.match(second.stderr, /Ein anderer Leitnetz-Prozess benutzt .* gerade/);
  assert.match(second.stderr, /Another Leitnetz process is using/);

  const elsewhere = await runProgram(['serve'], { data: path.join(folder, 'neu'), port: server.port });
  assert.equal(elsewhere.code, 1);
  assert.match(elsewhere.stderr, new RegExp(`Die Adresse 127.0.0.1:${server.port} ist belegt`));
  assert.equal((await fetch(`${server.origin}/healthz`)).status, 200, 'the first one goes on');
});

test('a data directory that cannot be written is named', async () => {
  const file = path.join(folder, 'eine-datei');
  await writeFile(file, '');
  for (const data of [path.join(file, 'daten'), file]) {
    const { code, stderr } = await runProgram(['serve'], { data, port: await freePort() });
    assert.equal(code, 1);
    assert.match(stderr, /Das Datenverzeichnis .* lässt sich nicht beschreiben/);
  }
});

test('real pages are taken over, too', { skip: !seeds() && 'no folder of real pages' }, async (t) => {
  const server = await startServer();
  t.after(() => server.dispose());
  await server.stop();
  const pages = (await readdir(seeds())).filter((name) => name.endsWith('-profile.txt'));
  assert.ok(pages.length > 0, 'the folder has a *-profile.txt');
  // Municipalities without an example text: a draft would be in the way.
  const free = ['05554', '05120', '05113', '05962'];
  for (const [index, page] of pages.slice(0, free.length).entries()) {
    const file = path.join(seeds(), page);
    const { code, stdout, stderr } = await server.run(
      'import', 'profile', file, '--ags', free[index], '--source', 'Profilseite', '--date', '2024',
    );
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout, / 0 (neue|Punkte)/, page);
  }
  await server.start();
  assert.match(plain(await get(server, `/kommune/${free[0]}`)), /Quelle: Profilseite, 2024/);
});

// Where the time goes while somebody types in a long text and many others write: what the browser's main thread did, by
// kind of work and by function. Nothing is asserted here.
//
//   node profile.mjs          typing, as `node figures.mjs long` measures it, but with all of the processor
//   node profile.mjs open     opening the page
//
// Functions of the wasm have names in a bundle that was made with LEITNETZ_NAMES=1 (docs/development.md).

import { chromium } from 'playwright-core';

import { launchOptions, openVisitor } from './lib/browser.mjs';
import { coordinatorOf } from './lib/coordinator.mjs';
import { join } from './lib/editor.mjs';
import { LONG, SLOW_DOWN, typeSteadily, writersIn } from './lib/long.mjs';
import { EMPTY } from './lib/places.mjs';
import { startServer } from './lib/server.mjs';
import { table } from './lib/table.mjs';
import { until } from './lib/wait.mjs';

const KEYS = 50;
const FUNCTIONS = 45;
const TASKS = 12;
/** The browser is not slowed down here, which would blur what takes how long: tasks as long as this would be over 50 ms. */
const LONG_TASK_MS = 50 / SLOW_DOWN;
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel', 'blink.user_timing'];

const server = await startServer();
const browser = await chromium.launch(launchOptions());
try {
  const link = await (await coordinatorOf(server)).makeLink(EMPTY);
  const writers = await writersIn(server, link, LONG);
  const visitor = await openVisitor(browser, { server });
  const opening = process.argv[2] === 'open';
  const ada = await join(visitor, link, 'Ada');
  const tools = await visitor.context.newCDPSession(visitor.page);
  if (!opening) {
    await ada.field('motto').focus();
    // What opening goes on with in slices is not part of typing.
    await until('every block is a field', async () => (await ada.rows()).length >= LONG.blocks);
  }
  const end = await record(tools);
  if (opening) {
    await visitor.page.reload();
    await ada.writable();
  } else {
    await typeSteadily(visitor.page, { ...LONG, keys: KEYS });
  }
  const { profile, events } = await end();
  if (process.env.LEITNETZ_TRACE) {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(process.env.LEITNETZ_TRACE, JSON.stringify({ profile, events }));
  }
  work(events);
  tasks(events);
  functions(profile);
  writers.kill();
} finally {
  await browser.close();
  await server.dispose();
}

/** Begins to record; answers with what ends it. */
async function record(tools) {
  const events = [];
  tools.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await tools.send('Profiler.enable');
  await tools.send('Profiler.setSamplingInterval', { interval: 500 });
  await tools.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: CATEGORIES } });
  await tools.send('Profiler.start');
  return async () => {
    const { profile } = await tools.send('Profiler.stop');
    const complete = new Promise((resolve) => tools.once('Tracing.tracingComplete', resolve));
    await tools.send('Tracing.end');
    await complete;
    return { profile, events };
  };
}

/** The page's main thread: the one that laid out most. Complete events in order, each with its own time. */
function mainThread(events) {
  const counts = new Map();
  for (const { name, pid, tid } of events) {
    if (name === 'UpdateLayoutTree') counts.set(`${pid} ${tid}`, (counts.get(`${pid} ${tid}`) ?? 0) + 1);
  }
  const [thread] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  const list = events
    .filter(({ ph, pid, tid }) => ph === 'X' && `${pid} ${tid}` === thread)
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const open = [];
  for (const event of list) {
    while (open.length > 0 && open.at(-1).ts + (open.at(-1).dur ?? 0) <= event.ts) open.pop();
    event.own = event.dur ?? 0;
    event.depth = open.length;
    if (open.length > 0) open.at(-1).own -= event.own;
    event.task = open[0] ?? event;
    open.push(event);
  }
  return list;
}

function work(events) {
  const kinds = new Map();
  for (const { name, dur = 0, own } of mainThread(events)) {
    const kind = kinds.get(name) ?? { own: 0, count: 0, longest: 0 };
    kind.own += own;
    kind.count += 1;
    kind.longest = Math.max(kind.longest, dur);
    kinds.set(name, kind);
  }
  const rows = [...kinds].sort((a, b) => b[1].own - a[1].own).slice(0, 20);
  table('Work of the main thread', ['What', 'own time, ms', 'times', 'longest with what it calls, ms'],
    rows.map(([name, { own, count, longest }]) => [name, ms(own), count, ms(longest)]));
}

/** The longest tasks, by what they were started for, and what their time went into. */
function tasks(events) {
  const list = mainThread(events);
  const parts = new Map();
  for (const event of list) {
    if (event.depth === 0) continue;
    const part = parts.get(event.task) ?? new Map();
    const name = event.name === 'EventDispatch' ? `${event.name} ${event.args?.data?.type}` : event.name;
    part.set(name, (part.get(name) ?? 0) + event.own);
    parts.set(event.task, part);
  }
  const all = list.filter((event) => event.depth === 0).sort((a, b) => b.dur - a.dur);
  const over = all.filter(({ dur }) => dur > 1000 * LONG_TASK_MS).length;
  table(`Longest tasks, ${over} over ${LONG_TASK_MS} ms`, ['ms', 'its parts by own time, ms'],
    all.slice(0, TASKS).map((task) => [
      ms(task.dur),
      [...(parts.get(task) ?? [])].sort((a, b) => b[1] - a[1]).slice(0, 6).map(([name, own]) => `${name} ${ms(own)}`).join(', '),
    ]));
}

/** Functions by own time, and by the time they were on the stack. */
function functions({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node;
  const own = new Map();
  const on = new Map();
  samples.forEach((id, index) => {
    const time = timeDeltas[index];
    const names = new Set();
    for (let node = byId.get(id); node; node = node.parent) names.add(nameOf(node));
    const top = nameOf(byId.get(id));
    own.set(top, (own.get(top) ?? 0) + time);
    for (const name of names) on.set(name, (on.get(name) ?? 0) + time);
  });
  const rows = (times) => [...times].sort((a, b) => b[1] - a[1]).slice(0, FUNCTIONS).map(([name, time]) => [ms(time), name]);
  table('Functions by own time', ['ms', 'function'], rows(own));
  table('Functions by time on the stack', ['ms', 'function'], rows(on));
}

function nameOf({ callFrame: { functionName, url } }) {
  const name = functionName || '(anonymous)';
  return (url.startsWith('wasm:') ? `wasm ${name}` : name).replace(/::h[0-9a-f]{16}$/, '');
}

function ms(microseconds) {
  return (microseconds / 1000).toFixed(1);
}

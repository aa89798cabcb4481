// Prints the browser's figures as Markdown tables, for docs/performance.md. Nothing is asserted here.
//
//   node figures.mjs              all of them
//   node figures.mjs long keys    those with these names; `parts` below has them all

import { chromium } from 'playwright-core';

import { violations } from './lib/axe.mjs';
import { launchOptions, openVisitor, PHONE } from './lib/browser.mjs';
import { coordinatorOf } from './lib/coordinator.mjs';
import { converged, join } from './lib/editor.mjs';
import { LONG, SLOW_DOWN, typeSteadily, writersIn } from './lib/long.mjs';
import { pages, worldOf } from './lib/pages.mjs';
import { EMPTY } from './lib/places.mjs';
import { startServer } from './lib/server.mjs';
import { table } from './lib/table.mjs';
import { bytesOf, trafficOf } from './lib/traffic.mjs';

const KEYSTROKES = 120;
const MAP_VIEWPORT = { width: 390, height: 700 };
const PAN_FRAMES = 180;
/** Then so many minutes at six-fold rate, to see what memory does: `LEITNETZ_LONG_MINUTES=10`. */
const LONG_MINUTES = Number(process.env.LEITNETZ_LONG_MINUTES ?? 1);

const parts = { visit: firstVisit, map: mapFrames, keys: keystrokes, long: longText, axe: accessibility };
const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
for (const name of chosen) {
  if (!(name in parts)) throw new Error(`There is no figure ${name}, only ${Object.keys(parts).join(', ')}.`);
}

const server = await startServer();
const browser = await chromium.launch(launchOptions());
try {
  const world = await worldOf(server, await coordinatorOf(server));
  const version = browser.version();
  console.log(`\nMeasured in Chromium ${version} on ${(await import('node:os')).cpus().length} cores.\n`);
  for (const name of chosen) await parts[name](world);
} finally {
  await browser.close();
  await server.dispose();
}

/** Bytes of the first visit of `/` in a fresh browser, as they go over the wire. */
async function firstVisit() {
  const visitor = await openVisitor(browser, { server, viewport: PHONE });
  const requests = await trafficOf(visitor);
  const start = Date.now();
  await visitor.page.goto('/', { waitUntil: 'domcontentloaded' });
  const readable = Date.now() - start;
  await visitor.live();
  const live = Date.now() - start;
  await visitor.page.waitForLoadState('networkidle');

  const rows = Map.groupBy ? Map.groupBy(requests.values(), ({ type }) => type) : groupBy(requests.values());
  const lines = [...rows].map(([type, list]) => [
    type,
    list.length,
    kilobytes(bytesOf(list)),
    [...new Set(list.map(({ encoding }) => encoding))].join(', '),
  ]);
  table('First visit of `/`', ['Type', 'Requests', 'Bytes over the wire', 'Encoding'], [
    ...lines,
    ['together', requests.size, kilobytes(bytesOf(requests.values())), ''],
  ]);
  console.log(`Readable after ${readable} ms, live after ${live} ms (loopback). Problems on the page: ${visitor.problems.join('; ') || 'none'}.\n`);
  await visitor.leave();
}

/** Frames per second while the map is panned and zoomed, with the CPU slowed down. */
async function mapFrames() {
  const visitor = await openVisitor(browser, {
    server,
    viewport: MAP_VIEWPORT,
    context: { deviceScaleFactor: 2, hasTouch: true, isMobile: true, reducedMotion: 'no-preference' },
  });
  const { page } = visitor;
  await visitor.open('/');
  await page.locator('.map-frame').scrollIntoViewIfNeeded();
  const tools = await visitor.context.newCDPSession(page);
  await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN });
  // Gestures are made inside the page, one step for each frame, so that what is counted is the map's own work and not
  // the wire between this program and the browser.
  const measure = (gesture) =>
    page.evaluate(
      async ({ gesture, frames }) => {
        const frame = document.querySelector('.map-frame');
        const target = frame.querySelector('svg');
        const { left, top, width, height } = frame.getBoundingClientRect();
        const middle = { x: left + width / 2, y: top + height / 2 };
        const pointer = (type, id, x, y) =>
          target.dispatchEvent(new PointerEvent(type, {
            bubbles: true, cancelable: true, composed: true, pointerId: id, pointerType: gesture === 'drag' ? 'mouse' : 'touch',
            isPrimary: id === 1, clientX: x, clientY: y, button: type === 'pointermove' ? -1 : 0, buttons: type === 'pointerup' ? 0 : 1,
          }));
        const world = document.querySelector('.map-world');
        const before = world.getAttribute('transform');
        const next = () => new Promise((resolve) => requestAnimationFrame(resolve));
        // Zoomed in first, so that there is something to pan.
        document.querySelector('.map-buttons button').click();
        await next();
        const spread = (step) => 60 + 40 * Math.sin(step / 20);
        if (gesture === 'pinch') {
          pointer('pointerdown', 1, middle.x - 60, middle.y);
          pointer('pointerdown', 2, middle.x + 60, middle.y);
        } else if (gesture === 'drag') {
          pointer('pointerdown', 1, middle.x, middle.y);
        }
        const times = [await next()];
        for (let step = 1; step <= frames; step += 1) {
          if (gesture === 'pinch') {
            const drift = 20 * Math.sin(step / 33);
            pointer('pointermove', 1, middle.x - spread(step) + drift, middle.y + drift);
            pointer('pointermove', 2, middle.x + spread(step) + drift, middle.y + drift);
          } else if (gesture === 'drag') {
            pointer('pointermove', 1, middle.x + 60 * Math.sin(step / 20), middle.y + 40 * Math.cos(step / 20) - 40);
          }
          times.push(await next());
        }
        pointer('pointerup', 1, middle.x, middle.y);
        if (gesture === 'pinch') pointer('pointerup', 2, middle.x, middle.y);
        const gaps = times.slice(1).map((time, index) => time - times[index]).sort((a, b) => a - b);
        return {
          rate: (1000 * frames) / (times.at(-1) - times[0]),
          worst: gaps[Math.floor(gaps.length * 0.95)],
          moved: world.getAttribute('transform') !== before,
        };
      },
      { gesture, frames: PAN_FRAMES },
    );
  const rows = [];
  for (const gesture of ['none', 'drag', 'pinch']) {
    const { rate, worst, moved } = await measure(gesture);
    rows.push([gesture, rate.toFixed(1), worst.toFixed(1), moved || gesture === 'none' ? '' : 'the map did not move']);
  }
  table(`Map on \`/\` at ${MAP_VIEWPORT.width}×${MAP_VIEWPORT.height}@2, CPU ÷${SLOW_DOWN}, ${PAN_FRAMES} frames`, ['Gesture', 'Frames/s', 'p95 between frames, ms', ''], rows);
  await visitor.leave();
}

/** From a key in one browser to the letter on the other's screen. Both clocks are the same machine's. */
async function keystrokes({ link }) {
  const visitors = await Promise.all([openVisitor(browser, { server }), openVisitor(browser, { server })]);
  const [ada, ben] = await Promise.all([join(visitors[0], link, 'Ada'), join(visitors[1], link, 'Ben')]);
  await ben.page.evaluate(() => {
    const field = document.querySelector('[data-field="motto"]');
    globalThis.seen = [];
    let length = field.value.length;
    const look = () => {
      if (field.value.length !== length) {
        length = field.value.length;
        // The frame in which it is drawn.
        requestAnimationFrame(() => globalThis.seen.push(performance.timeOrigin + performance.now()));
      }
      setTimeout(look, 1);
    };
    look();
  });
  await ada.page.evaluate(() => {
    globalThis.pressed = [];
    addEventListener('keydown', () => globalThis.pressed.push(performance.timeOrigin + performance.now()), true);
  });
  await ada.field('motto').focus();
  await ada.page.keyboard.press('End');
  const first = await ada.page.evaluate(() => globalThis.pressed.splice(0).length);
  for (let key = 0; key < KEYSTROKES; key += 1) {
    await ada.page.keyboard.press('abcdefghij'[key % 10]);
    await ben.page.waitForFunction((count) => globalThis.seen.length >= count, key + 1, { polling: 5 });
  }
  await converged(ada, ben);
  const pressed = await ada.page.evaluate(() => globalThis.pressed);
  const seen = await ben.page.evaluate(() => globalThis.seen);
  const delays = seen.map((time, index) => time - pressed[index]).sort((a, b) => a - b);
  const part = (share) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))].toFixed(1);
  table('Key in one browser to the other’s screen, loopback', ['Keystrokes', 'p50, ms', 'p95, ms', 'longest, ms'], [
    [first >= 0 ? delays.length : 0, part(0.5), part(0.95), delays.at(-1).toFixed(1)],
  ]);
  await Promise.all(visitors.map((visitor) => visitor.leave()));
}

/** Typing in a long text, CPU slowed down, while many others write and their carets move. */
async function longText({ coordinator }) {
  const ags = EMPTY;
  const link = await coordinator.makeLink(ags);
  const others = (rate) => writersIn(server, link, { ...LONG, rate });
  let writers = await others(LONG.rate);
  const visitor = await openVisitor(browser, { server });
  const start = Date.now();
  const ada = await join(visitor, link, 'Ada');
  const opened = Date.now() - start;
  const { page } = visitor;
  const tools = await visitor.context.newCDPSession(page);
  await ada.field('motto').focus();
  await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN });
  await page.evaluate(() => {
    globalThis.seen = { events: [], tasks: [] };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') globalThis.seen.events.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.seen.tasks.push(entry.duration);
    }).observe({ type: 'longtask' });
  });
  await typeSteadily(page, LONG);
  const { events, tasks } = await page.evaluate(() => globalThis.seen);
  // What took less than 16 ms is not told.
  const durations = [...events, ...Array(Math.max(0, LONG.keys - events.length)).fill(8)].sort((a, b) => a - b);
  const p95 = durations[Math.floor(durations.length * 0.95)];
  table(`Typing with ${LONG.blocks} blocks and ${LONG.writers} others at ${LONG.rate} keys/s each, CPU ÷${SLOW_DOWN}`,
    ['Keys', 'Event Timing p95, ms (wanted: ≤ 32)', 'longest, ms', 'Tasks over 50 ms (wanted: 0)', 'longest task, ms', 'opened after, ms (CPU ÷1)'],
    [[LONG.keys, p95, durations.at(-1), tasks.length, Math.max(0, ...tasks).toFixed(0), opened]]);

  await tools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  writers.kill();
  writers = await others(LONG.rate * 6);
  const rows = [];
  for (let minute = 0; minute <= LONG_MINUTES; minute += 1) {
    if (minute > 0) await new Promise((resolve) => setTimeout(resolve, 60_000));
    await tools.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize } = await tools.send('Runtime.getHeapUsage');
    const { nodes, jsEventListeners } = await tools.send('Memory.getDOMCounters');
    rows.push([minute, kilobytes(usedSize), kilobytes(backingStorageSize ?? 0), nodes, jsEventListeners]);
  }
  table('Memory of the same page at six-fold rate', ['Minute', 'JavaScript heap', 'buffers, wasm among them', 'DOM nodes', 'listeners'], rows);
  writers.kill();
  await visitor.leave();
}

async function accessibility(world) {
  const rows = [];
  for (const [name, show] of Object.entries(pages(world))) {
    for (const colors of ['light', 'dark']) {
      const visitor = await openVisitor(browser, { server, colors });
      await show(visitor);
      const { lines, passes } = await violations(visitor.page);
      rows.push([name, colors, lines.length, passes]);
      await visitor.leave();
    }
  }
  table('axe', ['Page', 'Colours', 'Violations', 'Rules passed'], rows);
}

function groupBy(requests) {
  const groups = new Map();
  for (const request of requests) groups.set(request.type, [...(groups.get(request.type) ?? []), request]);
  return groups;
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

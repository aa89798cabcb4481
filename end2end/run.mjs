// Runs the end-to-end tests: `node run.mjs [part of a file's name ...]`. One browser for all files; each file starts
// its own server.

import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

import { chromium } from 'playwright-core';

import { ENDPOINT_VARIABLE, launchOptions } from './lib/browser.mjs';
import { HERE, OUT, serverBinary, siteVariables } from './lib/settings.mjs';

const FILE_TIMEOUT_MS = 300_000;

serverBinary();
siteVariables();
await rm(OUT, { recursive: true, force: true });

const wanted = process.argv.slice(2);
const files = readdirSync(path.join(HERE, 'tests'))
  .filter((name) => name.endsWith('.test.mjs') && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
  .sort()
  .map((name) => path.join(HERE, 'tests', name));

const start = Date.now();
const browser = await chromium.launchServer(launchOptions());
process.env[ENDPOINT_VARIABLE] = browser.wsEndpoint();
const counts = { passed: 0, failed: 0 };
try {
  // One file after the other: on two cores the server and the browser are a load of their own.
  const events = run({ files, concurrency: 1, timeout: FILE_TIMEOUT_MS });
  const isTest = (event) => event.details?.type !== 'suite' && !files.includes(event.name);
  events.on('test:pass', (event) => isTest(event) && (counts.passed += 1));
  events.on('test:fail', (event) => (counts.failed += 1));
  const report = events.compose(new spec());
  report.pipe(process.stdout);
  await finished(report);
} finally {
  await browser.close();
}
console.log(`\nend2end: ${Math.round((Date.now() - start) / 1000)} s`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);

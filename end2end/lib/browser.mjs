// One Chromium for everything; every visitor is a context of its own, watched for whatever must not happen.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, test } from 'node:test';

import { chromium } from 'playwright-core';

import { browserBinary, OUT, PATIENCE_MS, webSocketsAreBlocked } from './settings.mjs';

/** Where the runner's browser listens; a test file that is run alone starts one itself. */
export const ENDPOINT_VARIABLE = 'LEITNETZ_BROWSER_ENDPOINT';

/**
 * What browsers leave off. The last two would give each window a page of its own, for the suggestions of an address bar that
 * nobody sees; it costs about a second of processor time. Browsers read this switch once, so what Playwright (1.64) leaves off
 * stands here, too.
 */
const FEATURES_OFF = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'BlockOriginHeaderModificationOnRedirect',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'Translate',
  'AutoDeElevate',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
];

/**
 * How the browser is started.
 * @param {import('playwright-core').LaunchOptions} [more]
 */
export function launchOptions({ args = [], ...more } = {}) {
  return {
    ...more,
    executablePath: browserBinary(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${FEATURES_OFF.join(',')}`,
      ...args,
    ],
  };
}

/** A phone and a desk, in CSS pixels. */
export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };

let shared;

function browser() {
  shared ??= process.env[ENDPOINT_VARIABLE]
    ? chromium.connect(process.env[ENDPOINT_VARIABLE])
    : chromium.launch(launchOptions());
  return shared;
}

/**
 * A test with visitors. It fails, too, when one of their pages logged an error, threw, was refused something of this
 * server, or asked anybody else for anything.
 * @param {string} name
 * @param {(visit: (options?: VisitOptions) => Promise<Visitor>) => Promise<void>} body
 */
export function browserTest(name, body) {
  after(async () => {
    const open = shared;
    shared = undefined;
    await (await open)?.close();
  });
  test(name, async () => testWith(await browser(), name, body));
}

/** Like [`browserTest`], in a browser of its own that is started with `options`. */
export function ownBrowserTest(name, options, body) {
  test(name, async () => {
    const own = await chromium.launch(launchOptions(options));
    try {
      await testWith(own, name, body);
    } finally {
      await own.close();
    }
  });
}

async function testWith(browser, name, body) {
  const visitors = [];
  const visit = async (options) => {
    const visitor = await openVisitor(browser, options);
    visitors.push(visitor);
    return visitor;
  };
  try {
    await body(visit);
    for (const visitor of visitors) visitor.assertNothingWrong();
  } catch (error) {
    await keepEvidence(name, visitors);
    throw withProblems(error, visitors);
  } finally {
    await Promise.all(visitors.map((visitor) => visitor.leave()));
  }
}

/**
 * @typedef {object} VisitOptions
 * @property {import('./server.mjs').Server} server whose pages are visited
 * @property {{ width: number, height: number }} [viewport]
 * @property {boolean} [script] false: JavaScript is off
 * @property {'light' | 'dark'} [colors]
 * @property {RegExp[]} [expect] problems that belong to the test
 * @property {object} [context] further options of the context
 */

/** @param {import('playwright-core').Browser} browser @param {VisitOptions} options */
export async function openVisitor(browser, { server, viewport = DESK, script = true, colors = 'light', expect = [], context: more = {} }) {
  const context = await browser.newContext({
    baseURL: server.origin,
    viewport,
    javaScriptEnabled: script,
    colorScheme: colors,
    locale: 'de-DE',
    reducedMotion: 'reduce',
    ...more,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const belongs = [...expect];
  if (!script) belongs.push(SCRIPT_OFF);
  if (webSocketsAreBlocked()) {
    await context.addInitScript(blockWebSockets);
    belongs.push(/WebSocket connection to \S+\/blocked\//);
  }
  const visitor = new Visitor(context, server, belongs);
  visitor.page = await visitor.newPage();
  return visitor;
}

export class Visitor {
  #expected;
  #breakDown;
  /** Rejects when a page breaks down: then nothing on it is worth waiting for. */
  #broken = new Promise((_, reject) => (this.#breakDown = reject));

  constructor(context, server, expected) {
    this.context = context;
    this.server = server;
    this.problems = [];
    this.#broken.catch(() => {});
    this.#expected = [...expected];
    /** @type {import('playwright-core').Page} */
    this.page = undefined;
    context.on('request', (request) => this.#checkAddress(request.url()));
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // The page itself let go of it by going elsewhere.
      if (reason !== 'net::ERR_ABORTED') this.#report(`request failed: ${request.url()} ${reason}`);
    });
    context.on('response', (response) => {
      if (response.status() >= 400) this.#report(`status ${response.status()}: ${response.url()}`);
    });
  }

  async newPage() {
    return this.watch(await this.context.newPage());
  }

  /** Has a page that was opened otherwise watched, too. */
  watch(page) {
    page.on('websocket', (socket) => this.#checkAddress(socket.url()));
    page.on('pageerror', (error) => {
      this.#report(`page error: ${error.message}`);
      this.#breakDown(new Error('the page broke down'));
    });
    page.on('console', (message) => {
      const wrong = message.type() === 'error' || /hydrat|panicked|unreachable/i.test(message.text());
      if (wrong) this.#report(`console: ${message.text()} (${message.location().url})`);
    });
    return page;
  }

  /** From now on, such problems belong to the test. */
  expect(...patterns) {
    this.#expected.push(...patterns);
  }

  /** Opens an address and waits until the script has taken the page over. */
  async open(address) {
    const response = await this.page.goto(address);
    await this.live();
    return response;
  }

  /** Waits until the script has taken the page over. */
  async live() {
    await Promise.race([this.page.locator('html[data-live]').waitFor({ state: 'attached' }), this.#broken]);
  }

  /** What stands on the page, as a person reads it. */
  text(selector = 'main') {
    return this.page.locator(selector).innerText();
  }

  assertNothingWrong() {
    if (this.problems.length > 0) assert.fail('the pages were not in order');
  }

  async leave() {
    await this.context.close();
  }

  #checkAddress(address) {
    const { protocol, host } = new URL(address);
    const ours = ['data:', 'blob:', 'about:'].includes(protocol) || host === new URL(this.server.origin).host;
    if (!ours) this.#report(`third party: ${address}`);
  }

  #report(problem) {
    if (!this.#expected.some((pattern) => pattern.test(problem))) this.problems.push(problem);
  }
}

/** In the page: no WebSocket opens, as in networks that let none through. */
function blockWebSockets() {
  const Real = globalThis.WebSocket;
  globalThis.WebSocket = class extends Real {
    constructor(address) {
      super(address.replace('/sync/', '/blocked/'));
    }
  };
}

/** Without JavaScript the browser fetches no script, and calls that blocked. */
const SCRIPT_OFF = /request failed: \S+\.js csp/;
/**
 * What a page says when the server is away, and what belongs to no other test. The first is about the service worker; the second is
 * the answer of a server that was started anew to a post that belongs to a connection of before.
 */
export const SERVER_AWAY =
  /error occurred when fetching the script|404.*\/sync\/\d+\/messages\?|WebSocket connection to|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_INTERNET_DISCONNECTED/;

/** The error with what the pages complained about: that is often its cause. */
function withProblems(error, visitors) {
  const problems = new Set(visitors.flatMap((visitor) => visitor.problems));
  if (problems.size === 0 || !(error instanceof Error)) return error;
  const told = new Error(`${error.message}\nOn the pages:\n  ${[...problems].join('\n  ')}`);
  told.stack = `${told.message}\n${error.stack.split('\n').filter((line) => /^\s+at /.test(line)).join('\n')}`;
  return told;
}

async function keepEvidence(name, visitors) {
  const folder = path.join(OUT, name.replaceAll(/[^\p{L}\p{N}]+/gu, '-'));
  await mkdir(folder, { recursive: true });
  for (const [index, visitor] of visitors.entries()) {
    for (const [number, page] of visitor.context.pages().entries()) {
      const file = path.join(folder, `${index + 1}-${number + 1}`);
      // The page may be what is broken.
      await page.screenshot({ path: `${file}.png`, fullPage: true, timeout: 5_000 }).catch(() => {});
      const html = await page.content().catch(() => '');
      await writeFile(`${file}.html`, `<!-- ${page.url()} -->\n${html}`);
    }
  }
}

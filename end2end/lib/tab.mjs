// A tab as people have it: only the one in front is visible, and the browser freezes others. Playwright keeps all of its
// pages visible, so this speaks with the browser without it.

import { once } from 'node:events';

import { chromium } from 'playwright-core';
import WebSocket from 'ws';

import { launchOptions } from './browser.mjs';
import { freePort } from './server.mjs';
import { until } from './wait.mjs';

/** A browser whose tabs hide each other. */
export async function startTabs() {
  const port = await freePort();
  const browser = await chromium.launch(launchOptions({ args: [`--remote-debugging-port=${port}`] }));
  return {
    /** A new tab, in front of the others. */
    async open() {
      const response = await fetch(`http://127.0.0.1:${port}/json/new?about:blank`, { method: 'PUT' });
      const { webSocketDebuggerUrl } = await response.json();
      const socket = new WebSocket(webSocketDebuggerUrl);
      await once(socket, 'open');
      const tab = new Tab(socket);
      await tab.send('Page.bringToFront');
      return tab;
    },
    close: () => browser.close(),
  };
}

class Tab {
  #calls = new Map();
  #last = 0;

  constructor(socket) {
    this.socket = socket;
    socket.on('message', (text) => {
      const { id, result, error } = JSON.parse(text);
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (error) call?.reject(new Error(error.message));
      else call?.resolve(result);
    });
  }

  send(method, params = {}) {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** The value of an expression on the page. */
  async look(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until an expression is true on the page. */
  until(what, expression) {
    return until(what, () => this.look(expression));
  }

  async goto(address) {
    await this.send('Page.navigate', { url: address });
    await this.until('the address is open', `location.href === ${JSON.stringify(address)} && document.readyState === 'complete'`);
  }

  /** Types at the end of a field. */
  async type(field, words) {
    await this.look(`{
      const field = document.querySelector('[data-field="${field}"]');
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    }`);
    await this.send('Input.insertText', { text: words });
  }
}

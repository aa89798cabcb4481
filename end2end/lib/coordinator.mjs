// The coordinator, by the same forms that the pages send, without a page: for what a test needs but is not about.

import assert from 'node:assert/strict';

/** @typedef {'read' | 'suggest' | 'participate' | 'facilitate'} Role */

/** Sets the password by the one-time link the server printed, and is signed in then. */
export async function coordinatorOf(server, password = 'ein langer Satz mit Bindestrich-Wörtern') {
  const secret = server.oneTimeLink?.split('/').at(-1);
  assert.ok(secret, `the server printed no one-time link:\n${server.log}`);
  const coordinator = new Coordinator(server, password);
  await coordinator.call('set_password', { secret, password });
  return coordinator;
}

class Coordinator {
  #cookie = '';

  constructor(server, password) {
    this.server = server;
    this.password = password;
  }

  /** Makes a link; answers with its address, its secret and its id. @param {string} ags @param {Role} role */
  async makeLink(ags, role = 'participate', label = '') {
    const { id, url } = await this.call('make_link', { ags, role, label });
    return { id, ags, url, secret: url.split('/').at(-1) };
  }

  withdraw(link) {
    return this.call('withdraw_link', { ags: link.ags, link: link.id });
  }

  publish(ags) {
    return this.call('publish_leitbild', { ags });
  }

  importProfile(ags, text, source, date) {
    return this.call('import_profile', { ags, text, source, date });
  }

  /** Takes rows of a text over into a draft. @param {string} ags @param {[string, string][]} rows */
  async takeOver(ags, rows) {
    const form = new FormData();
    form.set('step', 'take');
    form.set('into', 'append');
    for (const [part, words] of rows) {
      form.append('part', part);
      form.append('words', words);
    }
    const headers = { origin: this.server.origin, cookie: this.#cookie };
    const address = `${this.server.origin}/kommune/${ags}/leitbild/uebernehmen`;
    const response = await fetch(address, { method: 'POST', headers, body: form, redirect: 'manual' });
    assert.equal(response.status, 303, await response.text());
  }

  /** The session for a browser's context, so that it is signed in without typing. */
  get cookies() {
    const [name, value] = this.#cookie.split('=');
    return [{ name, value, url: this.server.origin, httpOnly: true, sameSite: 'Lax' }];
  }

  async call(endpoint, fields) {
    const response = await fetch(`${this.server.origin}/api/${endpoint}`, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        origin: this.server.origin,
        cookie: this.#cookie,
      },
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
    const text = await response.text();
    assert.ok(response.status < 400, `${endpoint}: ${response.status} ${text}`);
    const kept = response.headers.getSetCookie().find((cookie) => cookie.startsWith('leitnetz='));
    if (kept) this.#cookie = kept.split(';')[0];
    return text ? JSON.parse(text) : undefined;
  }
}

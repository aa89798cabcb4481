// The editor's page as a writer uses it; the hooks are those that app/src/editor/mod.rs keeps stable.

import { until } from './wait.mjs';

/** @param {string} ags */
export function editorAddress(ags) {
  return `/kommune/${ags}/leitbild/bearbeiten`;
}

/** Joins by a link as a person does, and waits until fields can be written in (or, for readers, until the text is there). */
export async function join(visitor, link, name, { reads = false, sector = '' } = {}) {
  await visitor.page.goto(link.url);
  await visitor.page.getByLabel('Wie heißen Sie?').fill(name);
  if (sector) await visitor.page.getByLabel('Für welchen Bereich').selectOption(sector);
  await visitor.page.getByRole('button', { name: 'Mitmachen' }).click();
  await visitor.page.waitForURL(`**${editorAddress(link.ags)}`);
  const editor = new Editor(visitor);
  if (!reads) await editor.writable();
  return editor;
}

export class Editor {
  /** @param visitor whose page @param [page] another one than the visitor's first */
  constructor(visitor, page = visitor.page) {
    this.visitor = visitor;
    this.page = page;
  }

  /** Waits until the blocks are fields. */
  writable() {
    return this.page.locator('[data-editor="live"] [data-field="title"]').waitFor();
  }

  /** A field: `title`, `motto`, `closing` or a block's id. */
  field(id) {
    return this.page.locator(`[data-field="${id}"]`);
  }

  block(id) {
    return this.page.locator(`[data-editor] [data-block="${id}"]`);
  }

  /** A control of a block. */
  control(id, action) {
    return this.block(id).locator(`[data-action="${action}"]`);
  }

  /** Presses a control of a block: they show on the block that one works on. */
  async act(id, action) {
    await this.field(id).focus();
    await this.control(id, action).click();
  }

  /** Everything written, in order: `[{ field, kind, words }]`, fields without words too. */
  rows() {
    return this.page.locator('[data-editor="live"]').evaluate((container) =>
      [...container.querySelectorAll('[data-field]')].map((field) => ({
        field: field.dataset.field,
        kind: field.closest('[data-kind]')?.dataset.kind ?? field.dataset.field,
        words: field.value,
      })),
    );
  }

  /** Blocks of a kind, in order. */
  async blocks(kind) {
    return (await this.rows()).filter((row) => row.kind === kind);
  }

  /** The Leitlinien with their points, as ids. */
  async outline() {
    const outline = [];
    for (const row of await this.rows()) {
      if (row.kind === 'guideline') outline.push({ id: row.field, words: row.words, points: [] });
      if (row.kind === 'point') outline.at(-1)?.points.push(row.field);
    }
    return outline;
  }

  words(id) {
    return this.field(id).inputValue();
  }

  /** Waits until a field holds exactly these words. */
  hasWords(id, words) {
    return until(`${id} says "${words}"`, async () => (await this.words(id)) === words);
  }

  /** What the page says: `pending`, `device` or `saved`. */
  state() {
    return this.page.locator('[data-saved]').getAttribute('data-saved');
  }

  /** Waits until the page says that everything is saved. */
  saved() {
    return this.page.locator('[data-saved="saved"]').waitFor();
  }

  /** Waits until the page says that everything is safe on this device, and not with the server. */
  onDevice() {
    return this.page.locator('[data-saved="device"]').waitFor();
  }

  online() {
    return this.page.locator('[data-connection="online"]').waitFor();
  }

  offline() {
    return this.page.locator('[data-connection="offline"]').waitFor();
  }

  /** Waits until this page opens without a network. */
  async keptForOffline() {
    await until('the page is kept', () =>
      this.page.evaluate(async () => {
        const path = location.pathname;
        // The worker answers for the next page also where this one came before it.
        const registration = await navigator.serviceWorker.getRegistration();
        return Boolean(registration?.active && (await caches.match(path, { cacheName: `leitnetz-page:${path}` })));
      }),
    );
  }

  /** What the outbox on this device holds: `[client id, number]` of each entry. */
  outbox() {
    return this.page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const request = indexedDB.open('leitnetz');
          request.onerror = () => reject(request.error);
          request.onsuccess = () => {
            const keys = request.result.transaction('outbox').objectStore('outbox').getAllKeys();
            keys.onsuccess = () => {
              request.result.close();
              resolve(keys.result.map((key) => key.slice(2)));
            };
          };
        }),
    );
  }

  /** Types at the end of a field, key by key. */
  async type(id, words) {
    const field = this.field(id);
    await field.focus();
    await field.press('Control+End');
    await field.pressSequentially(words);
  }

  /** Names of those who are here. */
  people() {
    return this.page.locator('[data-people] .person-name').allInnerTexts();
  }

  /** Adds a point to a Leitlinie with the button; answers with its id. */
  async addPoint(guideline, words = '') {
    const before = new Set((await this.blocks('point')).map((row) => row.field));
    await this.page.locator(`[data-action="add-point"][data-guideline="${guideline}"]`).click();
    const added = await until('the point is there', async () =>
      (await this.blocks('point')).find((row) => !before.has(row.field)),
    );
    if (words) await this.field(added.field).pressSequentially(words);
    return added.field;
  }
}

/** Waits until all these editors show the same words in the same order; answers with them. */
export async function converged(...editors) {
  const look = () => Promise.all(editors.map((editor) => editor.rows()));
  const same = ([first, ...rest]) => rest.every((rows) => JSON.stringify(rows) === JSON.stringify(first)) && first;
  try {
    return await until('the pages show the same', async () => same(await look()));
  } catch (error) {
    const shown = (await look()).map((rows) => rows.map(({ field, kind, words }) => `${kind} ${field}: ${words}`).join('\n'));
    throw new Error(`${error.message}\n${shown.join('\n---\n')}`);
  }
}

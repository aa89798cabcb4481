// A person who has a keyboard and ears: keys go in, the focused element of the accessibility tree and what live regions say
// come out. Nothing here clicks or sets the focus.

import assert from 'node:assert/strict';

import { until } from './wait.mjs';

/** Tab stops that a search passes at most. */
const STOPS = 80;

export class Walk {
  #tree;

  /** Before the visitor's first page is opened: what live regions say is noted from the beginning. */
  static async of(visitor) {
    await visitor.context.addInitScript(noteWhatIsSaid);
    const walk = new Walk();
    walk.page = visitor.page;
    walk.#tree = await visitor.context.newCDPSession(visitor.page);
    await walk.#tree.send('Accessibility.enable');
    return walk;
  }

  /** The focused element as assistive software has it. @returns {Promise<{ role: string, name: string, value: string, states: Record<string, unknown> }>} */
  async here() {
    const { result } = await this.#tree.send('Runtime.evaluate', { expression: 'document.activeElement ?? document.body' });
    const { nodes } = await this.#tree.send('Accessibility.getPartialAXTree', { objectId: result.objectId, fetchRelatives: false });
    const [node] = nodes;
    // What the tree leaves out is nothing that anybody is on.
    if (!node || node.ignored || result.className === 'HTMLBodyElement') return { role: 'RootWebArea', name: '', value: '', states: {} };
    const states = Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]));
    return { role: node.role?.value ?? '', name: node.name?.value ?? '', value: node.value?.value ?? '', states };
  }

  /** Waits until the focus is on an element of that role and name. @param {string} role @param {RegExp} name */
  async at(role, name) {
    let last;
    await until(`the focus is on ${role} ${name}`, async () => {
      last = await this.here();
      return last.role === role && name.test(last.name);
    }, { within: 5_000 }).catch((error) => {
      throw new Error(`${error.message} It is on ${last?.role} "${last?.name}".`);
    });
    return last;
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  type(words) {
    return this.page.keyboard.type(words);
  }

  /** Goes on with Tab (or another key) until the focus is on an element of that role and name. */
  async to(role, name, key = 'Tab') {
    const passed = [];
    for (let stop = 0; stop < STOPS; stop += 1) {
      await this.page.keyboard.press(key);
      const here = await this.here();
      if (here.role === role && name.test(here.name)) return here;
      passed.push(`${here.role} "${here.name}"`);
      assert.ok(here.name !== '' || here.role === 'RootWebArea', `a stop without a name: ${passed.join(', ')}`);
    }
    throw new Error(`${key} never came to ${role} ${name}; it passed ${passed.join(', ')}`);
  }

  /** Waits until a live region has said something like this since the last time it was asked. @param {RegExp} words */
  async hears(words) {
    let said = [];
    await until(`it says ${words}`, async () => {
      said = said.concat(await this.page.evaluate(() => globalThis.said.splice(0)));
      return said.some((text) => words.test(text));
    }, { within: 10_000 }).catch((error) => {
      throw new Error(`${error.message} It said: ${said.join(' | ')}`);
    });
  }
}

/** In the page: notes what live regions say, as it changes. */
function noteWhatIsSaid() {
  globalThis.said = [];
  const LIVE = '[role="status"], [role="alert"], [aria-live="polite"], [aria-live="assertive"]';
  const note = (node) => {
    const element = node instanceof Element ? node : node.parentElement;
    const region = element?.closest(LIVE);
    // What is hidden is not said.
    if (region && region.checkVisibility() && region.textContent.trim()) globalThis.said.push(region.textContent.trim());
    if (!region && node instanceof Element) {
      for (const inner of node.querySelectorAll(LIVE)) if (inner.textContent.trim()) globalThis.said.push(inner.textContent.trim());
    }
  };
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      note(target);
      for (const node of addedNodes) note(node);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

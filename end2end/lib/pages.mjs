// Every page there is, for tests and pictures that go through all of them.

import { SERVER_AWAY } from './browser.mjs';
import { editorAddress, join } from './editor.mjs';
import { keepNothing, leaveRecovered } from './device.mjs';

/** Published, and a draft with sources that disagree. */
export const PUBLISHED = '05314';
export const DRAFT = '05566';
/** Gets two decisions, so that it has an earlier version, and is frozen then: a place that nothing else writes in. */
const ADOPTED = '05916';
const TEMPLATE = `# Kein Kind allein

*Gemeinsam von Anfang an*

Alle Kinder sollen gut aufwachsen.

*Einfache Sprache: Allen Kindern soll es gut gehen.*

## I. Hinsehen

*Lebensphasen: Kita; Grundschule*

- Wir fragen nach, wenn ein Kind fehlt, und lassen seine Familie mit der Antwort nicht allein.
  *Übernommen aus Bonn, 15.01.2026, https://leitnetz.example/kommune/05314#b-eins*
- Wir hören zu.
`;

/**
 * Name of a page → how a visitor comes to see it.
 * @param {{ server: import('./server.mjs').Server, coordinator: any, link: any, readLink: any, former: number }} world
 */
export function pages({ coordinator, link, readLink, former }) {
  const open = (address) => (visitor) => visitor.open(address);
  const signedIn = (address) => async (visitor) => {
    await visitor.context.addCookies(coordinator.cookies);
    await visitor.open(address);
  };
  return {
    network: open('/'),
    'network-filtered': open('/?jahr=2012&bezirk=muenster'),
    profile: open(`/kommune/${PUBLISHED}`),
    'profile-contradiction': open(`/kommune/${DRAFT}`),
    'published-text': open(editorAddress(PUBLISHED)),
    join: (visitor) => visitor.open(link.url),
    editor: (visitor) => join(visitor, link, 'Ada Beispiel'),
    'editor-reading': async (visitor) => {
      await join(visitor, readLink, 'Rita Beispiel', { reads: true });
      await visitor.page.locator('[data-connection="online"]').waitFor();
    },
    'editor-on-device': async (visitor) => {
      const editor = await join(visitor, link, 'Ada Beispiel');
      visitor.expect(SERVER_AWAY);
      await visitor.context.setOffline(true);
      await editor.offline();
      const [first] = await editor.outline();
      await editor.type(first.points[0], ' Im Zug.');
      await editor.type('motto', ' Unterwegs.');
      await editor.onDevice();
      // The mark at the block comes late.
      await editor.page.locator('[data-unsaved]').first().waitFor({ state: 'visible' });
    },
    'editor-keeps-nothing': async (visitor) => {
      await keepNothing(visitor);
      await join(visitor, link, 'Ada Beispiel');
      await visitor.page.locator('[data-notice="device"]').waitFor();
    },
    'editor-recovered': async (visitor) => {
      const editor = await join(visitor, link, 'Ada Beispiel');
      await leaveRecovered(editor, {
        reason: 'too_long',
        words: ['Kein Kind allein – auch nicht in den Ferien.'],
        deeds: [['moved', 'Wir fragen nach, wenn ein Kind fehlt.']],
      });
      await visitor.page.reload();
      await editor.writable();
      await visitor.page.locator('[data-notice="recovered"]').waitFor();
    },
    'sign-in': open('/anmelden'),
    'set-password': open('/zugang/abcdefghijklmnopqrstuvwxyz'),
    coordination: signedIn('/koordination'),
    steering: signedIn(`/koordination/${DRAFT}`),
    history: signedIn(`/kommune/${DRAFT}/leitbild/verlauf`),
    former: open(`/kommune/${ADOPTED}/leitbild/fassung/${former}`),
    'take-over': signedIn(`/kommune/${DRAFT}/leitbild/uebernehmen`),
    'take-over-preview': async (visitor) => {
      await signedIn(`/kommune/${DRAFT}/leitbild/uebernehmen`)(visitor);
      await visitor.page.getByLabel('Text einfügen').fill(TEMPLATE);
      await visitor.page.getByRole('button', { name: 'Weiter zur Vorschau' }).click();
      await visitor.page.locator('.row-line').first().waitFor();
      await visitor.live();
    },
    'take-over-refused': async (visitor) => {
      visitor.expect(/422/);
      await signedIn(`/kommune/${DRAFT}/leitbild/uebernehmen`)(visitor);
      await visitor.page.getByLabel('Text einfügen').fill('{ "kein": "Leitbild" }');
      await visitor.page.getByRole('button', { name: 'Weiter zur Vorschau' }).click();
      await visitor.page.getByRole('alert').waitFor();
      await visitor.live();
    },
    'not-found': open('/gibt/es/nicht'),
    imprint: open('/impressum'),
    privacy: open('/datenschutz'),
    accessibility: open('/barrierefreiheit'),
  };
}

/** The world of these pages on a fresh server. */
export async function worldOf(server, coordinator) {
  const [link, readLink] = await Promise.all([coordinator.makeLink(DRAFT), coordinator.makeLink(DRAFT, 'read')]);
  const take = (ags, text) => coordinator.takeOver(ags, [['title', text], ['guideline', 'Hinsehen'], ['point', 'Wir fragen nach.']]);
  await take(ADOPTED, 'Kein Kind allein');
  const adopt = (from, date) =>
    coordinator.call('record_decision', { ags: ADOPTED, from, 'decision[body]': 'Rat', 'decision[date]': date, 'decision[paper]': 'V/2025/17', 'decision[yes]': '31', 'decision[no]': '2' });
  await adopt('draft', '2025-03-12');
  await coordinator.call('move_stage', { ags: ADOPTED, from: 'adopted', to: 'draft' });
  await take(ADOPTED, 'Jedes Kind zählt');
  await adopt('draft', '2025-06-18');
  const page = await fetch(`${server.origin}/kommune/${ADOPTED}`).then((response) => response.text());
  const numbers = [...page.matchAll(/fassung\/(\d+)/g)].map(([, number]) => Number(number));
  return { server, coordinator, link, readLink, former: Math.min(...numbers) };
}

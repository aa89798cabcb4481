// Every page there is, for tests and pictures that go through all of them.

import { SERVER_AWAY } from './browser.mjs';
import { editorAddress, join } from './editor.mjs';
import { keepNothing, leaveRecovered } from './device.mjs';

/** Published, and a draft with sources that disagree. */
export const PUBLISHED = '05314';
export const DRAFT = '05566';

/**
 * Name of a page → how a visitor comes to see it.
 * @param {{ server: import('./server.mjs').Server, coordinator: any, link: any, readLink: any }} world
 */
export function pages({ coordinator, link, readLink }) {
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
    'not-found': open('/gibt/es/nicht'),
    imprint: open('/impressum'),
    privacy: open('/datenschutz'),
    accessibility: open('/barrierefreiheit'),
  };
}

/** The world of these pages on a fresh server. */
export async function worldOf(server, coordinator) {
  const [link, readLink] = await Promise.all([coordinator.makeLink(DRAFT), coordinator.makeLink(DRAFT, 'read')]);
  return { server, coordinator, link, readLink };
}

// The service worker of Leitnetz: the editor's page opens without a network if it was opened before.
//
// - It keeps nothing by itself. A page whose text has arrived asks for it and names the files it was made of (`keep`);
//   it also says when its link does not count any more (`forget`).
// - Each kept page has a cache of its own, with the page as it came, headers included (its policy and its scripts carry
//   the same nonce), and its files. So pages of an older release keep theirs until they are loaded anew.
// - Files under /pkg/ carry a hash of their content in their names: cache first. Editor pages: network first, the kept
//   copy when that fails or takes too long. Everything else passes untouched: other pages, /api, the socket, every POST.
// - A draft is for people with a link. The kept copy goes when the server shows this browser no draft any more, when a
//   link is withdrawn, and when the coordinator signs out here. What was typed and not sent stays.
// - A newer version of this file waits until no page of the older one is open: it never takes pages over.
// The app's side is app/src/sync/device/offline.rs, the database app/src/sync/device/mod.rs.

const EDITOR_PAGE = /^\/kommune\/(\d+)\/leitbild\/bearbeiten$/;
const HASHED_FILES = '/pkg/';
const ICON = '/favicon.svg';
const SIGN_OUT = '/api/sign_out';
/** What stands only in a page that shows a draft. */
const DRAFT_MARK = 'data-editor=';
/** The names of the caches: one for each kept page, and one for pages that have come and have not asked yet. */
const PAGE_CACHE = 'leitnetz-page:';
const ARRIVED = 'leitnetz-arrived';
/** A network that takes longer gives way to the kept copy, in milliseconds. */
const PATIENCE_MS = 4000;
const DATABASE = 'leitnetz';
const DOCUMENTS = 'documents';

// The first page of all is not loaded through this worker, but must be able to speak with it.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method !== 'GET') {
    if (pathname === SIGN_OUT) event.waitUntil(forgetEverything());
  } else if (pathname.startsWith(HASHED_FILES)) {
    event.respondWith(kept(request).then((response) => response ?? fetch(request)));
  } else if (pathname === ICON) {
    event.respondWith(fetch(request).catch(async (error) => (await kept(request)) ?? Promise.reject(error)));
  } else if (request.mode === 'navigate' && EDITOR_PAGE.test(pathname)) {
    event.respondWith(editorPage(event, pathname));
  }
});

self.addEventListener('message', (event) => {
  const { keep, files, forget } = event.data ?? {};
  if (EDITOR_PAGE.test(keep ?? '')) event.waitUntil(keepPage(keep, files ?? []));
  if (EDITOR_PAGE.test(forget ?? '')) event.waitUntil(forgetPage(forget));
});

/** The page from the network, or the kept copy when that fails or takes too long. */
async function editorPage(event, path) {
  const copy = await caches.match(path, { cacheName: PAGE_CACHE + path, ignoreVary: true });
  const fresh = fetch(event.request).then((response) => {
    event.waitUntil(arrived(path, response.clone()).catch(() => {}));
    // A proxy whose server is away answers, but not with the page.
    if (copy && response.status >= 500) throw new Error('the server is away');
    return response;
  });
  if (!copy) return fresh;
  const tooLong = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, copy));
  return Promise.race([fresh, tooLong]).catch(() => copy);
}

/** Puts a page with a draft by until it asks to be kept. A page without one ends what was kept before. */
async function arrived(path, response) {
  if (!response.ok) return;
  if (await hasDraft(response)) await (await caches.open(ARRIVED)).put(path, response);
  else await forgetPage(path);
}

async function keepPage(path, files) {
  const waiting = await caches.open(ARRIVED);
  const page = (await waiting.match(path)) ?? (await fetch(path, { cache: 'no-store' }));
  if (!page.ok || !(await hasDraft(page))) return;
  const named = (await page.clone().text()).matchAll(/["'(](\/pkg\/[^"')\s]+)/g);
  const wanted = new Set([...files, ...[...named].map(([, file]) => file), ICON].map(absolute));
  const cache = await caches.open(PAGE_CACHE + path);
  for (const file of wanted) {
    if (await cache.match(file, { ignoreVary: true })) continue;
    const response = await fetch(file);
    // Without one of its files a page does not open: what is kept stays as it is.
    if (!response.ok) return;
    await cache.put(file, response);
  }
  await cache.put(path, page);
  await waiting.delete(path);
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (open.length > 1) return;
  for (const request of await cache.keys()) {
    if (request.url !== absolute(path) && !wanted.has(request.url)) await cache.delete(request);
  }
}

async function forgetPage(path) {
  await caches.delete(PAGE_CACHE + path);
  await (await caches.open(ARRIVED)).delete(path);
  const [, ags] = path.match(EDITOR_PAGE);
  await forgetDocuments(IDBKeyRange.bound([ags], [ags, []]));
}

async function forgetEverything() {
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  await forgetDocuments();
}

/** Removes copies of documents; what was typed and not sent lies in another store. */
function forgetDocuments(range) {
  return new Promise((resolve) => {
    const request = indexedDB.open(DATABASE);
    // There is none: it must not be made here.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => resolve();
    request.onsuccess = () => {
      const database = request.result;
      const transaction = database.transaction(DOCUMENTS, 'readwrite');
      const documents = transaction.objectStore(DOCUMENTS);
      if (range) documents.delete(range);
      else documents.clear();
      transaction.oncomplete = transaction.onabort = () => resolve(database.close());
    };
  });
}

async function hasDraft(response) {
  return (await response.clone().text()).includes(DRAFT_MARK);
}

function kept(request) {
  return caches.match(request, { ignoreVary: true });
}

function absolute(address) {
  return new URL(address, self.location.origin).href;
}

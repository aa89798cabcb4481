// Another release of the site: the built one with other names for all files that carry a hash, and another service worker.

import { appendFile, cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { freshFolder } from './server.mjs';
import { siteRoot } from './settings.mjs';

const HASH = /\.([0-9a-f]{20})(?=\.|$)/;
/** What says where files lie: scripts, lists, and the modules that import one another by name. */
const NAMES_OTHERS = /\.(js|json|wasm|css|txt)$/;

/**
 * Makes it in a fresh folder, which the caller removes. `isOld` and `isNew` tell by an address which release a file is of.
 * @returns {Promise<{ folder: string, isOld: (address: string) => boolean, isNew: (address: string) => boolean }>}
 */
export async function anotherRelease() {
  const folder = await freshFolder();
  await cp(siteRoot(), folder, { recursive: true });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.map(({ name }) => name.match(HASH)?.[1]).filter(Boolean);
  // Of the same length, so that they can be changed inside wasm.
  const names = new Map([...new Set(found)].map((hash) => [hash, [...hash].reverse().join('')]));
  const renamed = (text) => [...names].reduce((text, [old, next]) => text.replaceAll(old, next), text);
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    // They would still name the others.
    if (/\.(br|gz)$/.test(entry.name)) await rm(file);
    else if (NAMES_OTHERS.test(entry.name)) {
      await writeFile(file, renamed(await readFile(file, 'latin1')), 'latin1');
    }
  }
  // The deepest first: a folder with a hash is renamed after what lies in it.
  const paths = entries.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  for (const old of paths.sort((a, b) => b.length - a.length)) {
    if (!HASH.test(path.basename(old)) || /\.(br|gz)$/.test(old)) continue;
    await rename(old, path.join(path.dirname(old), renamed(path.basename(old))));
  }
  await appendFile(path.join(folder, 'service-worker.js'), '// Another release.\n');
  return {
    folder,
    isOld: (address) => [...names.keys()].some((hash) => address.includes(hash)),
    isNew: (address) => [...names.values()].some((hash) => address.includes(hash)),
  };
}

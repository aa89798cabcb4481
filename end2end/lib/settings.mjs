// What the environment says: which server, which site, which browser. `cargo xtask test` sets all of it.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder `end2end`. */
export const HERE = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** Where screenshots and logs of failed tests go; not committed. */
export const OUT = path.join(HERE, 'out');
/** The checkout. */
export const ROOT = path.dirname(HERE);
/** How long a condition may take, in milliseconds: generous, because slow machines are busy machines. */
export const PATIENCE_MS = Number(process.env.LEITNETZ_PATIENCE_MS ?? 30_000);

/** The server's binary. */
export function serverBinary() {
  return required('LEITNETZ_BIN', 'the server’s binary');
}

/** Folder of real profile pages, or undefined. */
export function seeds() {
  return process.env.LEITNETZ_SEEDS;
}

/** Do the visitors sit in a network that lets no WebSocket through? */
export function webSocketsAreBlocked() {
  return process.env.LEITNETZ_BLOCK_WEBSOCKETS === '1';
}

/** The browser to start. */
export function browserBinary() {
  return process.env.LEITNETZ_CHROMIUM ?? process.env.CHROMIUM ?? '/usr/bin/chromium';
}

/** The folder of the built site. */
export function siteRoot() {
  return path.resolve(required('LEITNETZ_SITE_ROOT', 'the folder of the built site'));
}

/**
 * The variables by which a server finds the site's files; those that are not set follow from the site's folder.
 * @param {string} [release] the folder of a site to serve instead of the built one
 */
export function siteVariables(release) {
  const given = release ? {} : process.env;
  const root = release ?? siteRoot();
  return {
    LEPTOS_OUTPUT_NAME: process.env.LEPTOS_OUTPUT_NAME ?? 'leitnetz',
    LEPTOS_SITE_ROOT: given.LEPTOS_SITE_ROOT ?? root,
    LEPTOS_SITE_PKG_DIR: process.env.LEPTOS_SITE_PKG_DIR ?? 'pkg',
    LEPTOS_HASH_FILES: process.env.LEPTOS_HASH_FILES ?? 'true',
    LEPTOS_HASH_FILE_NAME: given.LEPTOS_HASH_FILE_NAME ?? path.join(root, 'hash.txt'),
  };
}

function required(name, what) {
  const value = process.env[name];
  if (!value || !existsSync(value)) {
    throw new Error(`${name} must name ${what}. \`cargo xtask test only end2end\` sets it.`);
  }
  return value;
}

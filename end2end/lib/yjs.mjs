// The plain Yjs client as a program of its own.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import { HERE, PATIENCE_MS } from './settings.mjs';

/** Puts `text` before the title of `ags` over npm's y-websocket; answers with what the client reports. */
export async function prefixTitle(server, link, text) {
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(HERE, 'node/yjs-client.mjs')], {
    env: {
      ...process.env,
      URL: `${server.origin.replace('http', 'ws')}/sync`,
      AGS: link.ags,
      TOKEN: link.secret,
      TEXT: text,
      TIMEOUT_MS: String(PATIENCE_MS),
    },
  });
  return JSON.parse(stdout);
}

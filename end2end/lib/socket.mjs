// A bare socket, as another program would open it.

import { once } from 'node:events';

import WebSocket from 'ws';

import { PATIENCE_MS } from './settings.mjs';

/** Longest message the server takes, in bytes (app/model/src/limits.rs). */
export const MESSAGE_MAX_BYTES = 8 * 1024 * 1024;
/** The first bytes of messages. */
export const UPDATE = [0, 2];
export const HELLO = Buffer.from([100, 0, 1]);

/**
 * Opens a socket to the text of `ags`, with the secret of a link or a browser's cookies.
 * @param {import('./server.mjs').Server} server
 */
export async function openSocket(server, ags, { token, cookies } = {}) {
  const address = new URL(`/sync/${ags}`, server.origin.replace('http', 'ws'));
  if (token) address.searchParams.set('token', token);
  const headers = cookies ? { cookie: cookies, origin: server.origin } : {};
  const socket = new WebSocket(address, { headers, maxPayload: 64 * 1024 * 1024 });
  /** Resolves to the code with which the server closed it. */
  socket.closed = once(socket, 'close').then(([code]) => code);
  socket.frames = [];
  socket.on('message', (frame) => socket.frames.push(frame));
  socket.on('error', () => {});
  await once(socket, 'open', { signal: AbortSignal.timeout(PATIENCE_MS) });
  return socket;
}

/** A message with one length-prefixed payload. */
export function withPayload(type, payload) {
  const length = [];
  let rest = payload.length;
  while (rest > 127) {
    length.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  length.push(rest);
  return Buffer.concat([Buffer.from(type), Buffer.from(length), payload]);
}

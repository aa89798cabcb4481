// A server of one's own: a free port, a fresh data directory, and ways to end it gently or not.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { PATIENCE_MS, serverBinary, siteVariables } from './settings.mjs';

const RUNNING = /Leitnetz läuft auf (\S+)/;
const ONE_TIME_LINK = /\S+\/zugang\/[a-z0-9]+/;

/** A port that nobody listens on now. */
export async function freePort() {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A fresh folder below the machine's temporary one. */
export function freshFolder() {
  return mkdtemp(path.join(tmpdir(), 'leitnetz-'));
}

/** Starts `leitnetz serve --demo` on a free port with a fresh data directory. */
export async function startServer() {
  const server = new Server(await freshFolder(), await freePort());
  await server.start();
  return server;
}

/**
 * Runs the server's program to its end: `{ code, stdout, stderr }`.
 * @param {string[]} args @param {{ data: string, port?: number }} where
 */
export async function runProgram(args, { data, port = 0 }) {
  const child = spawn(serverBinary(), args, { env: environment(data, port), stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => (texts[name] += text));
  }
  const watchdog = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const [code, signal] = await once(child, 'close');
  clearTimeout(watchdog);
  if (signal) throw new Error(`leitnetz ${args.join(' ')} did not end by itself:\n${texts.stdout}${texts.stderr}`);
  return { code, ...texts };
}

export class Server {
  #child;

  constructor(data, port) {
    this.data = data;
    this.port = port;
    this.origin = `http://127.0.0.1:${port}`;
    /** Everything it printed, over all starts. */
    this.log = '';
    /** The one-time link for the coordinator's password, if it printed one. */
    this.oneTimeLink = undefined;
    /** The folder of the site to serve, if it is not the built one; holds from the next start on. */
    this.release = undefined;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** Starts it, also again on the same data, and waits until it serves. */
  async start() {
    const child = spawn(serverBinary(), ['serve', '--demo'], {
      env: environment(this.data, this.port, this.release),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.once('exit', (code, signal) => {
      // Nobody asked it to: whatever fails now fails because of this.
      if (this.#child === child) console.error(`The server ended by itself (${signal ?? code}):\n${this.log}`);
    });
    await new Promise((resolve, reject) => {
      let said = '';
      const watchdog = setTimeout(() => reject(new Error(`The server did not start:\n${this.log}`)), PATIENCE_MS);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${this.log}`)));
      child.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
      child.stdout.setEncoding('utf8').on('data', (text) => {
        this.log += text;
        said += text;
        this.oneTimeLink = said.match(ONE_TIME_LINK)?.[0] ?? this.oneTimeLink;
        if (RUNNING.test(said)) {
          clearTimeout(watchdog);
          resolve();
        }
      });
    });
    return this;
  }

  /** Ends it at once, as a crash or a power cut would. */
  kill() {
    return this.#end('SIGKILL');
  }

  /** Asks it to end; answers with its exit code. */
  stop() {
    return this.#end('SIGTERM');
  }

  /** Ends it and removes its data. */
  async dispose() {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Runs another command of the program on the same data. */
  run(...args) {
    return runProgram(args, { data: this.data, port: this.port });
  }

  async #end(signal) {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode;
    const gone = once(child, 'exit');
    child.kill(signal);
    const [code] = await gone;
    return code;
  }
}

function environment(data, port, release) {
  const address = `127.0.0.1:${port}`;
  return {
    ...process.env,
    ...siteVariables(release),
    LEITNETZ_DATA: data,
    LEITNETZ_ADDR: address,
    LEPTOS_SITE_ADDR: address,
    LEITNETZ_PUBLIC_URL: `http://${address}`,
    LEITNETZ_LOG: process.env.LEITNETZ_LOG ?? 'warn',
  };
}

// Hocuspocus as it comes, with its SQLite extension where that could be built.
//
//   node hocuspocus.mjs PORT FOLDER
//
// Prints one line when it listens: `listening, persistence: sqlite` or `listening, persistence: none`.

import path from 'node:path';
import process from 'node:process';

import { Server } from '@hocuspocus/server';

const [port, folder] = process.argv.slice(2);
const extensions = [];
let persistence = 'none';
try {
  const { SQLite } = await import('@hocuspocus/extension-sqlite');
  const { default: Database } = await import('better-sqlite3');
  // Its native part is only looked for when a database is opened.
  new Database(':memory:').close();
  extensions.push(new SQLite({ database: path.join(folder, 'hocuspocus.sqlite') }));
  persistence = 'sqlite';
} catch (error) {
  console.error(`SQLite could not be loaded: ${error.message}`);
}

const server = new Server({ address: '127.0.0.1', port: Number(port), quiet: true, extensions });
await server.listen();
console.log(`listening, persistence: ${persistence}`);

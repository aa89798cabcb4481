// The same as over a WebSocket, in a network that lets none through: events and posts carry the words.

process.env.LEITNETZ_BLOCK_WEBSOCKETS = '1';
await import('./editing.test.mjs');
await import('./crash.test.mjs');

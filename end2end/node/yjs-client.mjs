// A plain Yjs client from npm edits a Leitbild: yjs with the y-websocket provider, nothing of our own.
//
//   URL=ws://127.0.0.1:3000/sync AGS=05566 TOKEN=… node yjs-client.mjs
//
// TOKEN is the secret of an edit link. Prefixes the title with TEXT (default: a fresh mark), waits until a second
// provider with its own document has it, checks that both documents are the same, and prints one line of JSON:
//   {"title": …, "mark": …, "synced_ms": …, "observed_ms": …, "update_bytes": …}
// TIMEOUT_MS bounds every wait (default 20000). Exit codes: 0 done, 1 not reached in time or not the same, 2 wrong call.

import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const { URL: url = 'ws://127.0.0.1:3000/sync', AGS: ags, TOKEN: token } = process.env
const timeout = Number(process.env.TIMEOUT_MS ?? 20_000)
const mark = process.env.TEXT ?? `[${Date.now().toString(36)}] `

if (!ags || !token) {
  console.error('yjs-client: AGS and TOKEN must be set')
  process.exit(2)
}

const open = []

/** A provider with its own document; it must not talk to others of this process past the server. */
function connect(name) {
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(url, ags, doc, {
    params: { token },
    WebSocketPolyfill: WebSocket,
    disableBc: true,
  })
  const state = { name, doc, provider, title: doc.getText('title'), closed: undefined }
  provider.on('connection-close', event => {
    state.closed = event?.code
    // Withdrawn or refused: trying again would not help.
    if (event?.code >= 4000) provider.shouldConnect = false
  })
  open.push(provider)
  return state
}

/** Resolves when `done` holds; looks at every change of the document and of the connection. */
function until(what, client, done) {
  return new Promise((resolve, reject) => {
    const { doc, provider } = client
    const events = ['sync', 'status', 'connection-close']
    const stop = () => {
      clearTimeout(timer)
      doc.off('update', look)
      for (const event of events) provider.off(event, look)
    }
    const look = () => {
      if (client.closed >= 4000) {
        stop()
        reject(new Error(`${client.name}: the server closed the socket with ${client.closed} before ${what}`))
      } else if (done()) {
        stop()
        resolve()
      }
    }
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`${client.name}: not ${what} within ${timeout} ms (connected: ${provider.wsconnected})`))
    }, timeout)
    doc.on('update', look)
    for (const event of events) provider.on(event, look)
    look()
  })
}

async function run() {
  const started = performance.now()
  const writer = connect('writer')
  const reader = connect('reader')
  await until('synced', writer, () => writer.provider.synced)
  await until('synced', reader, () => reader.provider.synced)
  const synced = performance.now()

  let bytes = 0
  writer.doc.once('update', update => (bytes = update.length))
  writer.title.insert(0, mark)
  const same = () => reader.title.toString() === writer.title.toString()
  await until('observed', reader, () => reader.title.toString().includes(mark) && same())
  const observed = performance.now()

  // And back, so that both directions are shown.
  reader.title.delete(reader.title.toString().indexOf(mark), mark.length)
  reader.title.insert(0, mark)
  await until('answered', writer, same)

  const blocks = [writer, reader].map(client => JSON.stringify(client.doc.getMap('blocks').toJSON()))
  if (blocks[0] !== blocks[1]) throw new Error('the blocks of the two documents differ')
  console.log(
    JSON.stringify({
      title: writer.title.toString(),
      mark,
      synced_ms: Math.round(synced - started),
      observed_ms: Math.round(observed - synced),
      update_bytes: bytes,
    }),
  )
}

try {
  await run()
} catch (error) {
  console.error(`yjs-client: ${error.message}`)
  process.exitCode = 1
} finally {
  for (const provider of open) provider.destroy()
  // The provider's timers would keep the process alive.
  setTimeout(() => process.exit(), 100)
}

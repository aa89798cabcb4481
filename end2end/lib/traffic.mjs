// What a page loads, in bytes as they go over the wire.

/** @typedef {{ path: string, type: string, encoding: string, bytes?: number }} Loaded */

/**
 * Counts everything that a visitor's page loads from now on.
 * @param {import('./browser.mjs').Visitor} visitor
 * @returns {Promise<Map<string, Loaded>>} grows while the page loads
 */
export async function trafficOf(visitor) {
  const tools = await visitor.context.newCDPSession(visitor.page);
  await tools.send('Network.enable');
  const requests = new Map();
  tools.on('Network.responseReceived', ({ requestId, type, response }) => {
    requests.set(requestId, {
      type: response.mimeType === 'application/wasm' ? 'wasm' : type.toLowerCase(),
      encoding: response.headers['content-encoding'] ?? '–',
      path: new URL(response.url).pathname,
    });
  });
  tools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) request.bytes = encodedDataLength;
  });
  return requests;
}

/** @param {Iterable<Loaded>} loaded */
export function bytesOf(loaded) {
  return [...loaded].reduce((sum, { bytes = 0 }) => sum + bytes, 0);
}

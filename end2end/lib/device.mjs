// What a browser keeps, and what it refuses to.

/** From the next page on, the browser keeps nothing: as in some private windows. */
export function keepNothing(visitor) {
  return visitor.context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('refused', 'SecurityError');
    };
  });
}

/** Puts words by that the server did not take, as a page does; the next page shows them. */
export function leaveRecovered(editor, recovered) {
  return editor.page.evaluate(async (recovered) => {
    const [, ags] = location.pathname.match(/kommune\/(\d+)/);
    const participant = document.querySelector('[data-people] [data-person]').dataset.person;
    const bytes = new TextEncoder().encode(JSON.stringify(recovered));
    await new Promise((resolve, reject) => {
      const request = indexedDB.open('leitnetz');
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const transaction = request.result.transaction('recovered', 'readwrite');
        transaction.objectStore('recovered').put(bytes, [ags, participant, 'left']);
        transaction.oncomplete = () => resolve(request.result.close());
      };
    });
  }, recovered);
}

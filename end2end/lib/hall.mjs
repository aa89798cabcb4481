// How most tests of the editor begin: a server with the demonstration network, its coordinator, and two people in one text.

import { after, before } from 'node:test';

import { coordinatorOf } from './coordinator.mjs';
import { join } from './editor.mjs';
import { startServer } from './server.mjs';

export { EMPTY, EXAMPLE } from './places.mjs';

/** For the tests of one file: opened before them, gone after them. */
export function openHall() {
  const hall = {
    server: undefined,
    coordinator: undefined,
    /** Ada and Ben in the text of `ags`. */
    async two(visit, ags) {
      const link = await hall.coordinator.makeLink(ags);
      const [ada, ben] = await Promise.all([visit({ server: hall.server }), visit({ server: hall.server })]);
      return Promise.all([join(ada, link, 'Ada'), join(ben, link, 'Ben')]);
    },
  };
  before(async () => {
    hall.server = await startServer();
    hall.coordinator = await coordinatorOf(hall.server);
  });
  after(() => hall.server?.dispose());
  return hall;
}

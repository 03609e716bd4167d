// Stands between the browser and the program as a plain TCP relay and counts every byte that passes, TLS included.
// What TCP and IP add is not counted.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** No byte for this long: whatever was under way is over. Well under the pause between two signs of life of `/api/live`. */
const QUIET_MS = 400;

export class Wire {
  up = 0;
  down = 0;
  #lastAt = 0;
  #isCut = false;
  /** @type {Set<import('node:net').Socket>} */
  #sockets = new Set();
  #server;

  /** @param {number} upstream the program's port */
  constructor(upstream) {
    this.#server = createServer({ noDelay: true }, (near) => {
      if (this.#isCut) return near.destroy();
      const far = connect({ port: upstream, host: '127.0.0.1', noDelay: true });
      this.#pass(near, far, (count) => { this.up += count; });
      this.#pass(far, near, (count) => { this.down += count; });
    });
  }

  /** @param {import('node:net').Socket} from @param {import('node:net').Socket} to @param {(count: number) => void} count */
  #pass(from, to, count) {
    this.#sockets.add(from);
    from.on('data', (bytes) => {
      count(bytes.length);
      this.#lastAt = performance.now();
      to.write(bytes);
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }

  /** Listens and gives its port. */
  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('a listening socket has a port');
    return address.port;
  }

  /** No signal: open connections break, and none comes about until `mend`. */
  cut() {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#isCut = false;
  }

  /** Waits until nothing passes any more. */
  async quiet() {
    for (;;) {
      const rest = this.#lastAt + QUIET_MS - performance.now();
      if (rest <= 0) return;
      await new Promise((resolve) => { setTimeout(resolve, rest); });
    }
  }

  /** What passes while `body` runs, and until it is quiet again. @param {() => Promise<unknown>} body */
  async during(body) {
    await this.quiet();
    const before = { up: this.up, down: this.down };
    await body();
    await this.quiet();
    return { up: this.up - before.up, down: this.down - before.down };
  }

  stop() {
    this.cut();
    this.#server.close();
  }
}

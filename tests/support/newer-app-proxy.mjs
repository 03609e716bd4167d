// Stands before the program and, when told, serves the app as a newer one: the same files, under another service worker.

import { once } from 'node:events';
import { createServer, request } from 'node:http';

export class NewerAppProxy {
  /** From here on the service worker is a newer one. */
  isNewer = false;
  /** From here on no exchange goes through, as in a stairwell. */
  holdsBack = false;
  #target;
  #server = createServer((asked, answer) => this.#pass(asked, answer));

  /** @param {number} port of the program */
  constructor(port) {
    this.#target = port;
  }

  /** The port it listens at. */
  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('a listening socket has a port');
    return address.port;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** @param {import('node:http').IncomingMessage} asked @param {import('node:http').ServerResponse} answer */
  #pass(asked, answer) {
    if (this.holdsBack && asked.url === '/api/sync') return void asked.socket.destroy();
    const changes = this.isNewer && asked.url === '/service-worker.js';
    const { 'accept-encoding': coding, 'if-none-match': known, ...rest } = asked.headers;
    const headers = changes ? rest : asked.headers;
    const onward = request({ host: '127.0.0.1', port: this.#target, method: asked.method, path: asked.url, headers }, (came) => {
      const { 'content-length': length, ...others } = came.headers;
      answer.writeHead(came.statusCode ?? 502, changes ? others : came.headers);
      came.on('data', (bytes) => answer.write(bytes));
      came.on('end', () => answer.end(changes ? '\n// A newer one.\n' : undefined));
    });
    onward.on('error', () => asked.socket.destroy());
    asked.pipe(onward);
  }
}

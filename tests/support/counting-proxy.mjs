// Stands between browsers and the program and counts what passes. Counting here sees what truly went over the
// network, whatever page, worker or service worker sent it.

import { once } from 'node:events';
import { createServer, request } from 'node:http';

export class CountingProxy {
  /** @type {string[]} method and path of every request, in order */
  requests = [];

  /** @param {number} upstream the program's port */
  constructor(upstream) {
    this.#server = createServer((asked, answer) => {
      this.requests.push(`${asked.method} ${asked.url?.split('?')[0]}`);
      const onward = request({ host: '127.0.0.1', port: upstream, method: asked.method, path: asked.url, headers: asked.headers });
      onward.on('response', (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      answer.on('close', () => onward.destroy());
      asked.pipe(onward);
    });
  }

  #server;

  /** Listens and gives its port. */
  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('a listening socket has a port');
    return address.port;
  }

  /** How often a request was made since the last `forget`. @param {string} line such as `POST /api/sync` */
  count(line) {
    return this.requests.filter((each) => each === line).length;
  }

  forget() {
    this.requests = [];
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

// The server's word that something moved, while the app is open and online. It only ever says when to ask:
// losing it costs time, never data.

import { streamEvents } from './http.ts';
import type { Surroundings } from '../surroundings.ts';

const RETRY_MS_FIRST = 3_000;
const RETRY_MS_MAX = 2 * 60_000;
/** The server writes a comment more often than this; a silent stream is a dead one. */
const SILENCE_MS_MAX = 75_000;

export interface LiveEvent { feed?: string; seq?: number; tray?: number }

export class Live {
  readonly #surroundings: Surroundings;
  readonly #hear: (event: LiveEvent) => void;
  #stop: AbortController | undefined;
  #failures = 0;

  constructor(surroundings: Surroundings, hear: (event: LiveEvent) => void) {
    this.#surroundings = surroundings;
    this.#hear = hear;
  }

  get running(): boolean {
    return this.#stop !== undefined;
  }

  /** Listens from now on. Called again (say, because the network is back) it tries at once. */
  start(token: string): void {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    void this.#listen(token, stop.signal);
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = undefined;
  }

  async #listen(token: string, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        for await (const data of streamEvents(this.#surroundings.fetch, token, '/api/live', SILENCE_MS_MAX, stop)) {
          this.#failures = 0;
          const event = readEvent(data);
          if (event && !stop.aborted) this.#hear(event);
        }
      } catch {
        // No signal, or a server that is starting again: the next try will tell.
      }
      await this.#wait(stop);
    }
  }

  #wait(stop: AbortSignal): Promise<void> {
    const full = Math.min(RETRY_MS_FIRST * 2 ** this.#failures, RETRY_MS_MAX);
    this.#failures += 1;
    return new Promise((resolve) => {
      const end = (): void => {
        callOff();
        stop.removeEventListener('abort', end);
        resolve();
      };
      const callOff = this.#surroundings.later(full * (0.5 + this.#surroundings.random() / 2), end);
      stop.addEventListener('abort', end);
    });
  }
}

function readEvent(data: string): LiveEvent | undefined {
  try {
    const value = JSON.parse(data) as Record<string, unknown>;
    const event: LiveEvent = {};
    if (typeof value['feed'] === 'string') event.feed = value['feed'];
    if (typeof value['seq'] === 'number') event.seq = value['seq'];
    if (typeof value['tray'] === 'number') event.tray = value['tray'];
    return event;
  } catch {
    return undefined;
  }
}

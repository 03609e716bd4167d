// One of several tabs has something to itself, as long as its page is open: another waits for it, or takes it by a tap.
// The browser keeps the lock, so a tab that was closed or killed never holds anything.

import { useEffect, useMemo } from 'preact/hooks';
import { signal, type ReadonlySignal } from '@preact/signals';

/** `lost`: another tab took it while it was ours. */
export type Holding = 'asking' | 'mine' | 'elsewhere' | 'lost';

/** `turn` counts how often it became ours: what was read in an earlier turn may have changed meanwhile. */
export interface Held { state: Holding; turn: number }

/** A page that is loaded anew may find its own former self still there for a moment. */
const ELSEWHERE_AFTER_MS = 300;

class Claim {
  readonly shown = signal<Held>({ state: 'asking', turn: 0 });
  readonly #name: string;
  #waiting = new AbortController();
  #release: () => void = () => undefined;
  #closed = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** Stands in line; answers how to leave it, and what it gave. */
  open(): () => void {
    this.#wait();
    const timer = setTimeout(() => {
      if (this.shown.value.state === 'asking') this.#show('elsewhere');
    }, ELSEWHERE_AFTER_MS);
    return () => {
      clearTimeout(timer);
      this.#closed = true;
      this.#waiting.abort();
      this.#release();
    };
  }

  take(): void {
    this.#waiting.abort();
    this.#request({ steal: true });
  }

  #wait(): void {
    this.#waiting = new AbortController();
    this.#request({ signal: this.#waiting.signal });
  }

  #request(options: LockOptions): void {
    navigator.locks.request(this.#name, options, () => this.#hold()).catch(() => {
      // Called off by ourselves, or taken from us.
      if (this.#closed || this.shown.value.state !== 'mine') return;
      this.#show('lost');
      this.#wait();
    });
  }

  #hold(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.shown.value = { state: 'mine', turn: this.shown.value.turn + 1 };
    return new Promise((resolve) => { this.#release = resolve; });
  }

  #show(state: Holding): void {
    this.shown.value = { ...this.shown.value, state };
  }
}

/** Has this to itself while mounted. `take` has it at once, whoever else does. */
export function useOneTab(name: string): { shown: ReadonlySignal<Held>; take: () => void } {
  const claim = useMemo(() => new Claim(name), [name]);
  useEffect(() => claim.open(), [claim]);
  return { shown: claim.shown, take: () => claim.take() };
}

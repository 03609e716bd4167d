// When to exchange: never two at once, again when something happened meanwhile, and after a failure later and later.

import { refusalOf } from '../../bridge/error.ts';
import type { Refusal } from '../../bridge/types.ts';
import type { Surroundings } from '../surroundings.ts';

const RETRY_MS_FIRST = 2_000;
const RETRY_MS_MAX = 5 * 60_000;
/** The browser may be wrong about having no network: with work waiting, it is tried all the same. */
const RETRY_MS_OFFLINE = 60_000;
/** Several triggers of one moment (open, visible, online) are one. */
const QUIET_MS = 10_000;

export type Trigger = 'open' | 'online' | 'visible' | 'saved' | 'live' | 'button' | 'wanted' | 'retry';

export interface ScheduleParts {
  surroundings: Surroundings;
  /** Runs one exchange; `everything` for the person's own button. */
  run(everything: boolean): Promise<void>;
  failed(refusal: Refusal): Promise<void>;
  status(): void;
  /** False when the device has no network, as far as the browser says. */
  online(): boolean;
  /** Something written here waits, or a document is wanted. */
  pending(): boolean;
}

interface Again { everything: boolean; stillNeeded(): boolean | Promise<boolean> }

export class Schedule {
  readonly #parts: ScheduleParts;
  #running: Promise<void> | undefined;
  #again: Again[] = [];
  #failures = 0;
  #lastSuccessAt = -Infinity;
  #callOff: (() => void) | undefined;
  #stopped = false;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /**
   * Something happened that calls for an exchange. Resolves when the exchange that covers it is over, however it ended.
   * A run already in progress may see to it; `stillNeeded` is asked when that run is over.
   */
  trigger(trigger: Trigger, stillNeeded: () => boolean | Promise<boolean> = this.#parts.pending): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    const everything = trigger === 'button';
    // Either way round: a clock that was set back must not keep the phone quiet until it has caught up.
    if (trigger === 'visible' && Math.abs(this.#parts.surroundings.now() - this.#lastSuccessAt) < QUIET_MS) return Promise.resolve();
    if (this.#running) {
      this.#again.push({ everything, stillNeeded: everything ? () => true : stillNeeded });
      return this.#running;
    }
    if (!this.#parts.online() && trigger !== 'button' && trigger !== 'retry') {
      if (this.#parts.pending()) this.#retryIn(RETRY_MS_OFFLINE);
      return Promise.resolve();
    }
    this.#callOff?.();
    this.#running = this.#runAll(everything).finally(() => {
      this.#running = undefined;
      this.#parts.status();
    });
    this.#parts.status();
    return this.#running;
  }

  stop(): void {
    this.#stopped = true;
    this.#callOff?.();
  }

  async #runAll(everything: boolean): Promise<void> {
    for (let next: boolean | undefined = everything; next !== undefined && !this.#stopped; ) {
      try {
        await this.#parts.run(next);
        this.#lastSuccessAt = this.#parts.surroundings.now();
      } catch (error) {
        this.#again = [];
        await this.#parts.failed(refusalOf(error));
        this.#retryLater();
        return;
      }
      next = await this.#nextRun();
    }
    // An answer that ended well and yet left out a receipt must not leave its change lying.
    if (this.#parts.pending()) this.#retryLater();
    else this.#failures = 0;
  }

  /** Whether another run is called for, and with everything; undefined when not. */
  async #nextRun(): Promise<boolean | undefined> {
    const asked = this.#again;
    this.#again = [];
    let next: boolean | undefined;
    for (const { everything, stillNeeded } of asked) if (await stillNeeded()) next = everything || (next ?? false);
    return next;
  }

  #retryLater(): void {
    this.#retryIn(Math.min(RETRY_MS_FIRST * 2 ** this.#failures, RETRY_MS_MAX));
    this.#failures += 1;
  }

  #retryIn(fullMs: number): void {
    const { random, later } = this.#parts.surroundings;
    this.#callOff?.();
    // Half of the wait is chance, so that a stairwell of phones does not ring the office at once.
    this.#callOff = later(fullMs * (0.5 + random() / 2), () => void this.trigger('retry'));
  }
}

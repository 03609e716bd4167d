// Automerge, fetched only when a document is opened or saved; lists and exchanges never need it.

import type * as AutomergeModule from '@automerge/automerge/slim';
import { concat, type Bytes } from '../bytes.ts';
import { notReady } from '../refusals.ts';
import { genesisOf } from './genesis.ts';

export type Automerge = typeof AutomergeModule;
/** What a document holds as plain values; every reader checks what it finds. */
export type Content = Record<string, unknown>;
export type Document = AutomergeModule.Doc<Content>;

/** A signal that died under the download does not say so: nobody waits longer than this to be told. */
const READY_MS_MAX = 8_000;

type Later = (delayMs: number, body: () => void) => () => void;

export class Library {
  readonly #fetch: () => Promise<Automerge>;
  readonly #later: Later;
  #automerge: Promise<Automerge> | undefined;
  #opened = 0;

  /** `fetch` brings the module with its wasm started; `later` calls back later and answers how to call it off. */
  constructor(fetch: () => Promise<Automerge>, later: Later) {
    this.#fetch = fetch;
    this.#later = later;
  }

  /** Documents opened since the worker started. */
  get opened(): number {
    return this.#opened;
  }

  /** Automerge, once it is here. Throws `not_ready` when it does not come; what is still on its way goes on coming. */
  async automerge(): Promise<Automerge> {
    let callOff: (() => void) | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      callOff = this.#later(READY_MS_MAX, () => reject(notReady()));
    });
    try {
      return await Promise.race([this.#fetched(), tooLate]);
    } finally {
      callOff?.();
    }
  }

  #fetched(): Promise<Automerge> {
    this.#automerge ??= this.#fetch().catch(() => {
      // The wasm is missing when the signal went before the app was whole on the phone; the next call tries again.
      this.#automerge = undefined;
      throw notReady();
    });
    return this.#automerge;
  }

  /**
   * Opens a document for as long as `body` runs. `parts` are Automerge chunks without the genesis.
   * wasm memory never shrinks, so what was opened is freed at once.
   */
  async with<T>(kind: string, parts: readonly Bytes[], actor: string | undefined, body: (automerge: Automerge, document: Document) => T): Promise<T> {
    const automerge = await this.automerge();
    const genesis = genesisOf(kind);
    const bytes = concat(genesis ? [genesis.bytes, ...parts] : parts);
    // Changes whose dependencies have not arrived stay outside what is shown; they do not make the rest unreadable.
    const options = actor === undefined ? { allowMissingChanges: true } : { actor, allowMissingChanges: true };
    const document = automerge.load<Content>(bytes, options);
    this.#opened += 1;
    try {
      return body(automerge, document);
    } finally {
      automerge.free(document);
    }
  }
}

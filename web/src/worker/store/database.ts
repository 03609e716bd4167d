// The one open connection to IndexedDB, opened again when the browser closes it under us.
// Everything else in this folder says what to read and write; only this file says how a transaction is run.

import { openDB, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import { storeUnavailable } from '../refusals.ts';
import { LAYOUT_VERSION, migrate } from './migrations.ts';
import type { StairwellSchema } from './rows.ts';

export type StoreName = StoreNames<StairwellSchema>;
export type Reading = IDBPTransaction<StairwellSchema, StoreName[], 'readonly'>;
export type Writing = IDBPTransaction<StairwellSchema, StoreName[], 'readwrite'>;

/** The browser may close a connection at any time (storage pressure, a newer layout in another tab). */
const REOPENINGS_MAX = 2;

export class Database {
  readonly #name: string;
  #connection: Promise<IDBPDatabase<StairwellSchema>> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** A consistent look at these stores. */
  read<T>(stores: StoreName[], body: (transaction: Reading) => Promise<T>): Promise<T> {
    return this.#run((connection) => {
      const transaction = connection.transaction(stores, 'readonly');
      return finish(transaction, body);
    });
  }

  /**
   * All or nothing, and on disk when it resolves: `strict` asks the browser to flush before it says done.
   * The body may wait for nothing but the transaction itself.
   */
  write<T>(stores: StoreName[], body: (transaction: Writing) => Promise<T>): Promise<T> {
    return this.#run((connection) => {
      const transaction = connection.transaction(stores, 'readwrite', { durability: 'strict' });
      return finish(transaction, body);
    });
  }

  /** For what a lost power cut may take back by a moment, such as a keystroke of a draft; written at once all the same. */
  writeRelaxed<T>(stores: StoreName[], body: (transaction: Writing) => Promise<T>): Promise<T> {
    return this.#run((connection) => {
      const transaction = connection.transaction(stores, 'readwrite', { durability: 'relaxed' });
      return finish(transaction, body);
    });
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    (await connection?.catch(() => undefined))?.close();
  }

  async #run<T>(attempt: (connection: IDBPDatabase<StairwellSchema>) => Promise<T>): Promise<T> {
    for (let reopenings = 0; ; reopenings++) {
      try {
        return await attempt(await this.#connect());
      } catch (error) {
        if (!isClosed(error)) throw error instanceof DOMException ? storeUnavailable(error) : error;
        if (reopenings === REOPENINGS_MAX) throw storeUnavailable(error);
        await this.close();
      }
    }
  }

  #connect(): Promise<IDBPDatabase<StairwellSchema>> {
    if (this.#connection) return this.#connection;
    const forget = (): void => {
      this.#connection = undefined;
    };
    const opening = openDB<StairwellSchema>(this.#name, LAYOUT_VERSION, {
      upgrade: (database, from, _to, transaction) => migrate(database, from, transaction),
      // A newer layout is waiting in another tab: step aside, the next transaction opens again.
      blocking: () => void this.close(),
      terminated: forget,
    });
    this.#connection = opening;
    opening.catch(forget);
    return opening;
  }
}

/** Waits for the commit, and takes everything back when the body throws. */
async function finish<T, M extends 'readonly' | 'readwrite'>(
  transaction: IDBPTransaction<StairwellSchema, StoreName[], M>,
  body: (transaction: IDBPTransaction<StairwellSchema, StoreName[], M>) => Promise<T>,
): Promise<T> {
  // Both are waited for below; a rejection that comes first must not count as unheard.
  const done = transaction.done;
  done.catch(() => undefined);
  try {
    const answer = await body(transaction);
    await done;
    return answer;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // Already aborted or finished.
    }
    throw error;
  }
}

/** The connection was closed between opening and use: nothing was written, so trying again is safe. */
function isClosed(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'InvalidStateError';
}

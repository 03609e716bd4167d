// The one open connection to IndexedDB, opened again when the browser closes it under us.
// Everything else in this folder says what to read and write; only this file says how a transaction is run:
// what is tried again, what is given up, and that a worker which no longer leads writes nothing (ADR 017).

import { openDB, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import type { BridgeError } from '../../bridge/error.ts';
import { noLongerLeading, storeBlocked, storeSilent } from '../refusals.ts';
import { faultOf, refusalOfFault } from './faults.ts';
import { LAYOUT_VERSION, migrate, type Upgrading } from './migrations.ts';
import { patiently, type Later } from './patience.ts';
import type { StairwellSchema } from './rows.ts';

export type StoreName = StoreNames<StairwellSchema>;
export type Reading = IDBPTransaction<StairwellSchema, StoreName[], 'readonly'>;
export type Writing = IDBPTransaction<StairwellSchema, StoreName[], 'readwrite'>;
type Connection = IDBPDatabase<StairwellSchema>;

/** The browser may close a connection at any time (storage pressure, a newer layout in another tab). */
const REOPENINGS_MAX = 2;

export interface DatabaseParts {
  later: Later;
  /** The browser cleared the store under us: puts back what is still in memory, before anything else is written. */
  refill(transaction: Upgrading): void;
}

export class Database {
  /** Which lead this is; every write makes sure that no other worker has taken the next. Set once the store is open. */
  epoch: number | undefined;
  readonly #name: string;
  readonly #parts: DatabaseParts;
  #connection: Promise<Connection> | undefined;
  #ended: BridgeError | undefined;

  constructor(name: string, parts: DatabaseParts) {
    this.#name = name;
    this.#parts = parts;
  }

  /** True when nothing more is read or written through this object. What is in memory may no longer be what is kept. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** A consistent look at these stores. */
  read<T>(stores: StoreName[], body: (transaction: Reading) => Promise<T>): Promise<T> {
    return this.#run('reading', (connection) => {
      const transaction = connection.transaction(stores, 'readonly');
      return this.#finish(transaction, body(transaction), () => void this.#forget());
    });
  }

  /**
   * All or nothing, and on disk when it resolves: `strict` asks the browser to flush before it says done.
   * The body may wait for nothing but the transaction itself, and may run a second time when the first was taken back.
   */
  write<T>(stores: StoreName[], body: (transaction: Writing) => Promise<T>): Promise<T> {
    return this.#write('strict', stores, body);
  }

  /** For what a lost power cut may take back by a moment, such as a keystroke of a draft; written at once all the same. */
  writeRelaxed<T>(stores: StoreName[], body: (transaction: Writing) => Promise<T>): Promise<T> {
    return this.#write('relaxed', stores, body);
  }

  /** Ends it for good: whatever is still asked of it is refused. */
  async close(): Promise<void> {
    this.#ended ??= noLongerLeading();
    await this.#forget();
  }

  #write<T>(durability: 'strict' | 'relaxed', stores: StoreName[], body: (transaction: Writing) => Promise<T>): Promise<T> {
    return this.#run('writing', (connection) => {
      const scope = [...new Set<StoreName>([...stores, 'meta'])];
      const transaction = connection.transaction(scope, 'readwrite', { durability });
      const fenced = Promise.all([this.#fence(transaction), body(transaction)]).then(([, answer]) => answer);
      return this.#finish(transaction, fenced, () => {
        // Whether it was written nobody can say: what is in memory must be read again.
        this.#ended ??= storeSilent('writing');
        void this.#forget();
      });
    });
  }

  /** Asked first in every write, so it is answered before anything is committed. */
  async #fence(transaction: Writing): Promise<void> {
    const newest = (await transaction.objectStore('meta').get('epoch')) as number | undefined;
    if (this.epoch === undefined || newest === undefined || newest === this.epoch) return;
    this.#ended ??= noLongerLeading();
    throw this.#ended;
  }

  async #run<T>(doing: 'reading' | 'writing', attempt: (connection: Connection) => Promise<T>): Promise<T> {
    for (let reopenings = 0; ; reopenings++) {
      try {
        const connection = await this.#connect(doing);
        if (this.#ended) throw this.#ended;
        return await attempt(connection);
      } catch (error) {
        const fault = faultOf(error);
        if (fault === undefined) throw error;
        if (this.#ended) throw this.#ended;
        if (fault !== 'gone' || reopenings === REOPENINGS_MAX) throw refusalOfFault(error, doing);
        await this.#forget();
      }
    }
  }

  #connect(doing: 'reading' | 'writing'): Promise<Connection> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (this.#connection) return this.#connection;
    let isBlocked = false;
    let isGivenUp = false;
    const forget = (): void => {
      if (this.#connection === connection) this.#connection = undefined;
    };
    const opening = openDB<StairwellSchema>(this.#name, LAYOUT_VERSION, {
      upgrade: (database, from, _to, transaction) => {
        migrate(database, from, transaction);
        // A store that was open before is not made anew by us.
        if (from === 0 && this.epoch !== undefined) this.#parts.refill(transaction);
      },
      // A newer layout is waiting in another tab: step aside, the next transaction opens again.
      blocking: () => void this.#forget(),
      blocked: () => (isBlocked = true),
      terminated: forget,
    });
    const connection = patiently(this.#parts.later, opening, () => {
      isGivenUp = true;
      return isBlocked ? storeBlocked() : storeSilent(doing);
    });
    this.#connection = connection;
    connection.catch(forget);
    // One that opens after all would only stand in the way of the next.
    void opening.then((late) => isGivenUp && late.close(), () => undefined);
    return connection;
  }

  async #forget(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    (await connection?.catch(() => undefined))?.close();
  }

  /** Waits for the commit, takes everything back when the body throws, and gives up when nothing answers. */
  #finish<T>(transaction: Reading | Writing, body: Promise<T>, silent: () => void): Promise<T> {
    // Both are waited for; a rejection that comes first must not count as unheard.
    const done = transaction.done;
    done.catch(() => undefined);
    const both = (async (): Promise<T> => {
      try {
        const answer = await body;
        await done;
        return answer;
      } catch (error) {
        abort(transaction);
        // A request only says that it was aborted; the transaction knows why.
        throw faultOf(error) === undefined ? error : (transaction.error ?? error);
      }
    })();
    return patiently(this.#parts.later, both, () => {
      abort(transaction);
      silent();
      return storeSilent(transaction.mode === 'readonly' ? 'reading' : 'writing');
    });
  }
}

function abort(transaction: Reading | Writing): void {
  try {
    transaction.abort();
  } catch {
    // Already aborted or finished.
  }
}

// Makes the fake IndexedDB fail as browsers do: at a chosen transaction, in a chosen way, so many times.
// The transactions are real ones; only what the browser would do to them is done here.

import 'fake-indexeddb/auto';

/** A transaction as `fake-indexeddb` has it within. */
interface Inner { _abort(reason: string): void; _start(): void; dispatchEvent(event: Event): boolean; db: IDBDatabase }
type Broken = IDBTransaction & Inner;

/** What the browser does to a transaction that was just begun. */
export type Blow = (transaction: Broken) => void;

/** The whole transaction is taken back, for this reason, when its first request has been answered. */
export const abortedWith = (reason: string): Blow => (transaction) => {
  const go = transaction._start.bind(transaction);
  let went = false;
  transaction._start = () => {
    if (went) return transaction._abort(reason);
    went = true;
    go();
  };
};
/** The connection is closed under us: nothing can be begun over it any more. */
export const closedUnder: Blow = (transaction) => {
  transaction._abort('AbortError');
  transaction.db.close();
  throw new DOMException('The database connection is closing.', 'InvalidStateError');
};
/** It never begins. */
export const neverBegun: Blow = (transaction) => {
  transaction._start = () => undefined;
};
/** It is kept, and never says so. */
export const neverToldOf: Blow = (transaction) => {
  const tell = transaction.dispatchEvent.bind(transaction);
  transaction.dispatchEvent = (event) => event.type === 'complete' || tell(event);
};

const begin = IDBDatabase.prototype.transaction;
const open = IDBFactory.prototype.open;

/** From here on the next `times` transactions of this mode over this store are struck. Answers how many were. */
export function strike(mode: IDBTransactionMode, store: string, times: number, blow: Blow): { struck: number } {
  const count = { struck: 0 };
  IDBDatabase.prototype.transaction = function struck(this: IDBDatabase, ...given) {
    const transaction = begin.apply(this, given) as Broken;
    if (transaction.mode !== mode || ![given[0]].flat().includes(store) || count.struck === times) return transaction;
    count.struck += 1;
    blow(transaction);
    return transaction;
  };
  return count;
}

/** From here on the next `times` attempts to open any database are never answered. */
export function strikeOpening(times: number): void {
  let left = times;
  IDBFactory.prototype.open = function struck(this: IDBFactory, ...given) {
    if (left === 0) return open.apply(this, given);
    left -= 1;
    const request = open.apply(this, given) as IDBOpenDBRequest & { dispatchEvent(event: Event): boolean };
    request.dispatchEvent = () => true;
    return request;
  };
}

/** All is well again. */
export function heal(): void {
  IDBDatabase.prototype.transaction = begin;
  IDBFactory.prototype.open = open;
}

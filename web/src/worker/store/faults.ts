// What IndexedDB may do instead of answering, and what is safe then. Pure: no connection, no transaction.

import { storeFull, storeNewer, storeUnavailable } from '../refusals.ts';
import type { BridgeError } from '../../bridge/error.ts';

/**
 * `gone`: the connection was closed or the browser aborted the transaction. Nothing was written, and every body may run
 * twice, so it is tried again over a new connection. `full`: there is no room. `newer`: a newer app made this store.
 * `broken`: anything else, told and not repeated.
 */
export type Fault = 'gone' | 'full' | 'newer' | 'broken';

const FAULTS: Record<string, Fault> = {
  // The connection was closed between opening and use, or in the middle.
  InvalidStateError: 'gone',
  AbortError: 'gone',
  // How Chromium says that the disk failed it, or that its storage process ended.
  UnknownError: 'gone',
  TimeoutError: 'gone',
  QuotaExceededError: 'full',
  VersionError: 'newer',
};

/** Undefined for what is no word of the store: a refusal of ours, or a mistake in our code. */
export function faultOf(error: unknown): Fault | undefined {
  return error instanceof DOMException ? (FAULTS[error.name] ?? 'broken') : undefined;
}

/** The words for a fault that could not be helped. */
export function refusalOfFault(error: unknown, doing: 'reading' | 'writing'): BridgeError {
  const fault = faultOf(error);
  if (fault === 'full') return storeFull();
  return fault === 'newer' ? storeNewer() : storeUnavailable(error, doing);
}

// What the browser must have, found out before the worker is started, so that what is missing is said plainly.

/** Something the app cannot run without. */
export type Missing = 'secure_context' | 'storage' | 'locks' | 'compression' | 'engine' | 'worker';

/** The parts of the global scope looked at; a plain object in tests. */
export interface Surroundings {
  isSecureContext?: boolean;
  indexedDB?: unknown;
  Worker?: unknown;
  CompressionStream?: unknown;
  DecompressionStream?: unknown;
  FinalizationRegistry?: unknown;
  WebAssembly?: { validate(bytes: Uint8Array<ArrayBuffer>): boolean };
  navigator?: { locks?: unknown; userAgent?: string };
}

/** A module that uses exception handling, the newest WebAssembly feature the engine was built with. */
const EXCEPTIONS = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // header
  1, 4, 1, 0x60, 0, 0, // one type: nothing in, nothing out
  3, 2, 1, 0, // one function
  10, 8, 1, 6, 0, 6, 0x40, 0x19, 11, 11, // try, catch_all, end
]);

/** All that is missing; empty when the app can run. An insecure address hides most of the rest, so it stands alone. */
export function missingFrom(surroundings: Surroundings): Missing[] {
  if (surroundings.isSecureContext === false) return ['secure_context'];
  const missing: Missing[] = [];
  if (!surroundings.indexedDB) missing.push('storage');
  if (!surroundings.Worker) missing.push('worker');
  if (!surroundings.navigator?.locks) missing.push('locks');
  if (!surroundings.CompressionStream || !surroundings.DecompressionStream) missing.push('compression');
  if (!runsEngine(surroundings)) missing.push('engine');
  return missing;
}

function runsEngine({ WebAssembly: machine, FinalizationRegistry: registry }: Surroundings): boolean {
  if (!machine || !registry) return false;
  try {
    return machine.validate(EXCEPTIONS);
  } catch {
    return false;
  }
}

/** Inside WeChat the page cannot be put on the home screen, and what it keeps may be cleared with the chat's cache. */
export function isInsideWeChat(userAgent: string): boolean {
  return /MicroMessenger/i.test(userAgent);
}

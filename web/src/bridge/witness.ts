// What is kept outside the store, so that its loss is noticed. Browsers clear IndexedDB, caches and files of a page
// together, and localStorage by other rules; so the page keeps here whose phone this is and what was not sent.
// Never the token: without it nobody can read or write at the office.

import type { Parcel, Witness } from './types.ts';

const WITNESS = 'stairwell-witness';
const LOST = 'stairwell-lost';

/** Keeps what the worker last said; null forgets it. A browser that forbids this keeps nothing, and the store is all there is. */
export function keepWitness(witness: Witness | null): void {
  if (!witness) {
    forget(WITNESS);
    // A list without the words helps nobody but the person who has just left.
    if (read(LOST)?.file === undefined) forget(LOST);
    return;
  }
  // Nobody leaves a phone with unsent work: what takes its place here found its store gone.
  const before = read(WITNESS);
  if (before && before.device !== witness.device && before.unsent.length > 0) keep(LOST, before);
  if (keep(WITNESS, witness)) return;
  // Too large with the words of a long time offline: the list alone is worth having.
  const { file: _, ...list } = witness;
  keep(WITNESS, list);
}

/**
 * What was lost: the store that this browser had is not the one it has now. Told until `settleLost`, also after somebody
 * has enrolled anew. `device` is whose store is here, null for nobody's.
 */
export function findLost(device: string | null): Witness | undefined {
  const witness = read(WITNESS);
  if (witness && witness.device !== device) {
    keep(LOST, witness);
    forget(WITNESS);
  }
  return read(LOST);
}

/**
 * Gives the copy of the words to who brings it to the office. It goes from here once it is on its way or there; the list
 * stays. A copy that was refused stays too: it can be saved as a file, or be tried again.
 */
export async function handOverLost(take: (file: string) => Promise<Pick<Parcel, 'state'>>): Promise<void> {
  const file = read(LOST)?.file;
  if (file === undefined) return;
  const { state } = await take(file);
  const lost = read(LOST);
  if (state === 'refused' || !lost || lost.file !== file) return;
  const { file: _, ...list } = lost;
  keep(LOST, list);
}

/** The person has been told, and needs it no more. */
export function settleLost(): void {
  forget(LOST);
}

function read(key: string): Witness | undefined {
  try {
    const witness = JSON.parse(localStorage.getItem(key) ?? 'null') as Witness | null;
    return witness && typeof witness.device === 'string' && Array.isArray(witness.unsent) ? witness : undefined;
  } catch {
    return undefined;
  }
}

function keep(key: string, witness: Witness): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(witness));
    return true;
  } catch {
    return false;
  }
}

function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Then nothing was kept there either.
  }
}

// Whether this browser's store is the one it had: known when the app starts, told until the person has seen to it.
// What was kept of the words is given to the worker as soon as somebody is enrolled here again.

import { signal } from '@preact/signals';
import type { Witness } from '../bridge/types.ts';
import { findLost, handOverLost, settleLost } from '../bridge/witness.ts';
import { bridge } from '../bridge/bridge.ts';

/** An older device was given up long ago, and nobody looks for what was on it. */
const RECENT_MS = 30 * 24 * 60 * 60 * 1000;

/** What was lost, until it is settled. */
export const lost = signal<Witness | undefined>(undefined);
/** Nothing is remembered here, yet the person who has just enrolled had a device before. */
export const hadOther = signal(false);

/** `device` is whose store is here; null for nobody's. */
export function lookForLost(device: string | null): void {
  lost.value = findLost(device);
  if (device !== null) void carry(device);
}

/** Somebody has just enrolled. */
export async function enrolledAnew(device: string): Promise<void> {
  lookForLost(device);
  if (lost.value) return;
  try {
    const last = (await bridge.call('post', { path: '/api/device/last', body: {} })) as { as_of: number; last_exchange_at?: number; visits: number };
    hadOther.value = last.visits > 0 && last.as_of - (last.last_exchange_at ?? 0) < RECENT_MS;
  } catch {
    // No other device, or no network: then nothing is said.
  }
}

/** Gives what was kept of the words to the worker. */
async function carry(device: string): Promise<void> {
  try {
    await handOverLost((file) => bridge.call('take_rescue', { bytes: bytesOf(file) }));
  } catch {
    // It stays where it is, and can still be saved as a file.
    return;
  }
  lost.value = findLost(device);
}

/** The copy as a file, for a phone that nobody is enrolled on. */
export function lostFile(witness: Witness): Uint8Array<ArrayBuffer> | undefined {
  return witness.file === undefined ? undefined : bytesOf(witness.file);
}

export function settle(): void {
  settleLost();
  lost.value = undefined;
  hadOther.value = false;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

// Room on the phone: whether it runs short, and making some before a save fails for the want of it.

import { dueRows } from '../views/due.ts';
import type { Parts } from './parts.ts';

/** Below this the next photo taken with the phone may leave no room for a visit. */
const FREE_BYTES_MIN = 50_000_000;
const USED_SHARE_MAX = 0.8;
/** What could be let go was let go; asking again soon finds nothing. */
const MADE_REST_MS = 60 * 60 * 1000;

export interface Use { used?: number; quota?: number }

/** Undefined where the browser does not tell. */
export function freeBytes({ used, quota }: Use): number | undefined {
  return used === undefined || quota === undefined ? undefined : Math.max(0, quota - used);
}

/** True when a person should see to it before it hurts. */
export function isShort(use: Use): boolean {
  const free = freeBytes(use);
  return free !== undefined && (free < FREE_BYTES_MIN || (use.used ?? 0) > USED_SHARE_MAX * (use.quota ?? 0));
}

export class Room {
  readonly #parts: Parts;
  #madeAt = -Infinity;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Lets go of what the office gives again. True when something was let go, so that what failed may be tried again. */
  make(): Promise<boolean> {
    const { store, surroundings, writer } = this.#parts;
    return writer.run(async () => {
      const now = surroundings.now();
      this.#madeAt = now;
      const today = dueRows((await store.faces()).values(), now).map((row) => row.door.id);
      return store.makeRoom(new Set(today), now);
    });
  }

  /** Makes room when it runs short, now and then. */
  watch(use: Use): void {
    const now = this.#parts.surroundings.now();
    if (!isShort(use) || Math.abs(now - this.#madeAt) < MADE_REST_MS) return;
    this.#madeAt = now;
    this.make().catch(() => undefined);
  }
}

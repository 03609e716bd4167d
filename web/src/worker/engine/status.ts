// The state of this phone in one object: what waits, what was held, when the office was last heard.

import type { Refusal, Status } from '../../bridge/types.ts';
import type { DocumentRow, OutboxRow } from '../store/rows.ts';
import { doorOf, trayItems } from '../views/visits.ts';
import { sendingOf, type Parts } from './parts.ts';
import { isShort, type Use } from './room.ts';

/** How much room is used changes slowly and costs a question to the browser. */
const STORAGE_FRESH_MS = 60_000;
/** Several things happen in one moment; the pages hear of them once. */
const EMIT_DELAY_MS = 150;

export class StatusBoard {
  lastError: Refusal | undefined;
  persisted: boolean | null = null;
  readonly #parts: Parts;
  readonly #measured: (use: Use) => void;
  #fullAt: number | undefined;
  #storage: { at: number; used?: number; quota?: number } | undefined;
  #planned = false;

  /** `measured` hears how much room there is each time the browser was asked. */
  constructor(parts: Parts, measured: (use: Use) => void) {
    this.#parts = parts;
    this.#measured = measured;
  }

  /** A write found no room, whatever the browser reckons; until it is asked anew. */
  looksFull(): void {
    this.#storage = undefined;
    this.#fullAt = this.#parts.surroundings.now();
    this.announce();
  }

  async status(): Promise<Status> {
    const { store, surroundings, schedule } = this.#parts;
    const sending = sendingOf(this.#parts);
    const trayed = [...sending.held, ...sending.outbox.filter((row) => row.state === 'refused')].map((row) => row.document);
    const [standing, faces, rows, storage] = await Promise.all([
      store.standing(), store.faces(), trayed.length > 0 ? store.documents(trayed) : new Map<string, DocumentRow>(), this.#storageUse(),
    ]);
    const { exchange, doors, visits, whole } = standing;
    const doorsOf = new Map([...rows.values()].flatMap((row) => {
      const door = doorOf(row);
      return door === undefined ? [] : [[row.id, door] as const];
    }));
    return {
      ...oldestOf(sending.outbox), online: this.#parts.online(), exchanging: schedule.running,
      waiting: sending.outbox.filter((row) => row.state === 'waiting').length, held: trayItems(sending, doorsOf, faces),
      last_exchange_at: exchange?.last_exchange_at, last_error: this.lastError, persisted: this.persisted,
      storage_used_bytes: storage.used, storage_quota_bytes: this.#fullAt === undefined ? storage.quota : undefined,
      storage_short: this.#fullAt !== undefined || isShort(storage), clock_error_ms: exchange?.clock_error_ms,
      // The pages know whether a new version waits; the bridge fills it in.
      version: surroundings.app_version, update_ready: false, doors, visits, documents_whole: whole,
    };
  }

  /** Tells the pages soon. */
  announce(): void {
    if (this.#planned) return;
    this.#planned = true;
    this.#parts.surroundings.later(EMIT_DELAY_MS, () => {
      this.#planned = false;
      this.status().then((status) => this.#parts.emit({ event: 'status', status }), () => undefined);
    });
  }

  async #storageUse(): Promise<{ used?: number; quota?: number }> {
    const now = this.#parts.surroundings.now();
    if (!this.#storage || Math.abs(now - this.#storage.at) > STORAGE_FRESH_MS) {
      const use: Use = await this.#parts.surroundings.storage().catch(() => ({}));
      this.#storage = { at: now, ...use };
      if (this.#fullAt !== undefined && Math.abs(now - this.#fullAt) > STORAGE_FRESH_MS) this.#fullAt = undefined;
      this.#measured(use);
    }
    return this.#storage;
  }
}

function oldestOf(outbox: readonly OutboxRow[]): { oldest_waiting_at?: number } {
  const times = outbox.filter((row) => row.state === 'waiting').map((row) => row.at);
  return times.length === 0 ? {} : { oldest_waiting_at: Math.min(...times) };
}

// What of the store is held in memory too: small stores, so that marks and windows cost no transaction, and everything
// of a person that no exchange brings back, so that it outlives a store which the browser clears under the running app.

import type { VisitDraft } from '../../bridge/types.ts';
import type { Reading, Writing } from './database.ts';
import type { Upgrading } from './migrations.ts';
import type { MetaValues, OutboxRow, SettledRow } from './rows.ts';

/** Small values that no exchange brings back. */
const PUT_BACK: (keyof MetaValues)[] = ['enrolment', 'parcels'];

/** What outlives a change of enrolment: files that are carried, and what the same person has half written. */
export interface Kept { parcels: MetaValues['parcels']; drafts: boolean }

export class Mirror {
  readonly outbox = new Map<string, OutboxRow>();
  readonly held = new Map<string, SettledRow>();
  readonly drafts = new Map<string, VisitDraft>();
  /** Small values, as far as they were read; undefined where there is none. */
  readonly meta = new Map<keyof MetaValues, unknown>();

  /** Reads all of it, in a transaction over these stores. */
  async take(transaction: Reading | Writing): Promise<void> {
    const [outbox, held, drafts, enrolment, parcels] = await Promise.all([
      transaction.objectStore('outbox').getAll(),
      transaction.objectStore('settled').index('status').getAll('held'),
      transaction.objectStore('drafts').getAll(),
      transaction.objectStore('meta').get('enrolment'),
      transaction.objectStore('meta').get('parcels'),
    ]);
    this.clear();
    for (const row of outbox) this.outbox.set(row.hash, row);
    for (const row of held) this.held.set(row.hash, row);
    for (const draft of drafts) this.drafts.set(draft.key, draft);
    this.meta.set('enrolment', enrolment).set('parcels', parcels);
  }

  /** The documents that somebody works on here: changed and not accepted yet, or half written. */
  own(): ReadonlySet<string> {
    const changed = [...this.outbox.values(), ...this.held.values()].map((row) => row.document);
    return new Set([...changed, ...[...this.drafts.values()].flatMap((draft) => draft.visit ?? [])]);
  }

  /** The browser has cleared the store: a person's work and token go back first of all. */
  refill(transaction: Upgrading, epoch: number | undefined): void {
    const rows = [
      ...[...this.outbox.values()].map((row) => transaction.objectStore('outbox').put(row)),
      ...[...this.held.values()].map((row) => transaction.objectStore('settled').put(row)),
      ...[...this.drafts.values()].map((draft) => transaction.objectStore('drafts').put(draft)),
      ...PUT_BACK.filter((key) => this.meta.get(key) !== undefined)
        .map((key) => transaction.objectStore('meta').put(this.meta.get(key), key)),
      transaction.objectStore('meta').put(epoch, 'epoch'),
    ];
    // A write that fails takes the whole opening back, and that is told; alone it must not count as unheard.
    for (const row of rows) row.catch(() => undefined);
  }

  /** Nothing else of the former person stays; with an enrolment, the next one's has begun. */
  clear(next?: MetaValues['enrolment'], kept: Kept = { parcels: [], drafts: false }): void {
    for (const rows of [this.outbox, this.held, this.meta]) rows.clear();
    if (!kept.drafts) this.drafts.clear();
    if (next) this.meta.set('enrolment', next);
    if (kept.parcels.length > 0) this.meta.set('parcels', kept.parcels);
  }
}

// Opening a visit: its bytes from here, or from the server when only its row is here.

import type { VisitView } from '../../bridge/types.ts';
import { openVisit, type OpenedVisit } from '../documents/visit-view.ts';
import type { DocumentRow } from '../store/rows.ts';
import { doorOf, visitRow } from '../views/visits.ts';
import { isDesk, namesOf, type Parts } from './parts.ts';
import { rowParts } from './reading.ts';

/** A person looks at the row meanwhile; the whole visit follows as a change. */
const PHONE_WAIT_MS = 4_000;
/** The desk has nothing to show before the document is there. */
const DESK_WAIT_MS = 20_000;
/** The desk asks again for what it shows, but not because of its own answer. */
const DESK_FRESH_MS = 2_000;

/** What a person last saw of a visit, so that what they write is written against it. */
export interface Seen { heads: string[]; note: string }

export class Opening {
  readonly #parts: Parts;
  readonly #seen = new Map<string, Seen>();
  readonly #fetchedAt = new Map<string, number>();
  /** Asked for once because bytes and row did not agree; a server that cannot mend it is not asked for ever. */
  readonly #mended = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  seen(visit: string): Seen | undefined {
    return this.#seen.get(visit);
  }

  /** The server said that something moved: what the desk fetched a moment ago may be old already. */
  moved(): void {
    this.#fetchedAt.clear();
  }

  /** Another person, or nobody, uses this phone from now on. */
  forget(): void {
    this.#seen.clear();
    this.#fetchedAt.clear();
    this.#mended.clear();
  }

  async visit(id: string): Promise<VisitView | null> {
    await this.fetch(id);
    const row = await this.#parts.store.document(id);
    const base = row && visitRow(row, await rowParts(this.#parts));
    if (!row || !base) return null;
    const opened = row.whole ? await this.#open(row) : undefined;
    // Bytes that lack what the row tells of are shown, and asked for once more.
    if (opened && !opened.complete) await this.#mend(row);
    const summary = row.summary?.kind === 'visit' ? row.summary : undefined;
    const met = opened?.met ?? summary?.met ?? [];
    if (opened) this.#seen.set(id, { heads: opened.heads, note: opened.note });
    return {
      ...base, whole: opened !== undefined, heads: opened?.heads ?? [],
      note: opened?.note ?? base.note,
      ...(base.review ? { review: { ...base.review, comment: opened?.comment ?? base.review.comment } } : {}),
      runs: opened?.runs ?? [], comment_runs: opened?.comment_runs ?? [],
      checks: opened?.checks ?? summary?.checks ?? {}, met, met_names: await this.#metNames(base.door.id, met),
      history: opened?.history ?? [], conflict_values: opened?.conflict_values ?? [],
    };
  }

  /** Brings a visit (and at the desk its door) from the server when that is needed and possible. */
  async fetch(id: string): Promise<void> {
    const { store, surroundings } = this.#parts;
    const enrolment = this.#parts.enrolment();
    if (!enrolment || !this.#parts.online()) return;
    const row = await store.document(id);
    if (!isDesk(enrolment)) {
      if (!row?.whole || row.stale) await this.#want([id], PHONE_WAIT_MS);
      return;
    }
    const now = surroundings.now();
    if (row?.whole && Math.abs(now - (this.#fetchedAt.get(id) ?? -Infinity)) < DESK_FRESH_MS) return;
    this.#fetchedAt.set(id, now);
    await this.#want([id], DESK_WAIT_MS);
    const door = doorOf(await store.document(id));
    if (door && !(await store.document(door))) await this.#want([door], DESK_WAIT_MS);
  }

  async #want(documents: string[], waitMs: number): Promise<void> {
    const { exchange, schedule, surroundings } = this.#parts;
    exchange.want(documents);
    let callOff: (() => void) | undefined;
    const enough = new Promise<void>((resolve) => {
      callOff = surroundings.later(waitMs, resolve);
    });
    await Promise.race([schedule.trigger('wanted'), enough]);
    callOff?.();
  }

  async #open(row: DocumentRow): Promise<(OpenedVisit & { complete: boolean }) | undefined> {
    const { library } = this.#parts;
    const names = await namesOf(this.#parts);
    try {
      return await library.with('visit', await partsOf(this.#parts, row.id), undefined, (automerge, document) => ({
        ...openVisit(automerge, document, names), complete: automerge.hasHeads(document, row.heads),
      }));
    } catch (error) {
      // The row can still be read; what went wrong is for the console of whoever looks into it.
      console.warn('a visit did not open', error);
      return undefined;
    }
  }

  async #mend(row: DocumentRow): Promise<void> {
    const { exchange, schedule, store, writer } = this.#parts;
    if (this.#mended.has(row.id)) return;
    this.#mended.add(row.id);
    await writer.run(() => store.markStale(row.id));
    exchange.want([row.id]);
    void schedule.trigger('wanted');
  }

  async #metNames(door: string, met: readonly string[]): Promise<string[]> {
    const row = met.length > 0 ? await this.#parts.store.document(door) : undefined;
    const persons = row?.summary?.kind === 'door' ? (row.summary.persons ?? []) : [];
    const names = new Map(persons.map((person) => [person.id, person.name ?? '']));
    return met.map((resident) => names.get(resident) ?? '');
  }
}

/** Everything of a document that is here: the server's chunks, then our own changes that are not in them. */
export async function partsOf({ store }: Parts, document: string): Promise<Uint8Array<ArrayBuffer>[]> {
  const chunk = (await store.chunks([document])).get(document);
  return [...(chunk ? [chunk] : []), ...store.ownChanges(document).map((change) => change.bytes)];
}

// Calls that write: one save, one change, one transaction. Asked twice, written once.

import type { VisitDraft } from '../../bridge/types.ts';
import { actorOf } from '../bytes.ts';
import { createVisit, editVisit, reviewVisit, settleField, type Made } from '../documents/edit.ts';
import type { Automerge, Document } from '../documents/library.ts';
import { summarise } from '../documents/summarise.ts';
import { visitId } from '../ids.ts';
import { notWhole, tooLong, unknownDoor, unknownVisit } from '../refusals.ts';
import type { DocumentRow, OutboxRow, SaveRow } from '../store/rows.ts';
import type { Summary } from '../summary.ts';
import { partsOf, type Opening } from './opening.ts';
import { enrolled, type Parts } from './parts.ts';

/** Limits of the protocol: what is larger would not be taken at the office, so it is not begun here. */
const CHANGE_BYTES_MAX = 64 * 1024;
const CHANGE_OPERATIONS_MAX = 20_000;
/** Only the elected worker writes, so one slot is enough. */
const SLOT = 0;
/** Nobody makes more visits in one moment. Where a clock was set back onto them all the same, the id is a random one. */
const VISITS_A_MOMENT_MAX = 4;

interface Written { made: Omit<Made, 'document'>; summary: Summary | null }
type Writer = (automerge: Automerge, document: Document) => Made | null;

export class Writing {
  readonly #parts: Parts;
  readonly #opening: Opening;
  #hasRehearsed = false;

  constructor(parts: Parts, opening: Opening) {
    this.#parts = parts;
    this.#opening = opening;
  }

  async putDraft(draft: VisitDraft): Promise<void> {
    const seen = draft.visit === undefined ? undefined : this.#opening.seen(draft.visit);
    const began = draft.base_heads || !seen ? draft : { ...draft, base_heads: seen.heads, base_note: seen.note };
    // Someone who writes will save: the wasm is fetched, and run for the first time, meanwhile.
    void this.#rehearse();
    await this.#parts.store.putDraft(began, saveKey(draft));
  }

  /** Code that has never run is slow: a visit that nobody keeps is made, so that the person's own is quick. */
  async #rehearse(): Promise<void> {
    if (this.#hasRehearsed) return;
    this.#hasRehearsed = true;
    const { library, surroundings } = this.#parts;
    const now = surroundings.now();
    const fields = { door: '', at: now, by: '', purpose: '', outcome: '', note: '', checks: {}, met: [] };
    const actor = actorOf('00000000-0000-0000-0000-000000000000', SLOT);
    try {
      await library.with('visit', [], actor, (automerge, document) => writtenBy(automerge, createVisit(automerge, document, fields, now)));
    } catch {
      // The wasm is not here yet; the next keystroke tries again.
      this.#hasRehearsed = false;
    }
  }

  async save(draft: VisitDraft): Promise<{ visit: string }> {
    const visit = await this.#parts.writer.run(async () => {
      const [known, door, free] = await this.#parts.store.beforeSave(saveKey(draft), draft.door, await this.#visitIds());
      if (known?.changed_at === draft.changed_at) return known.visit;
      const existing = draft.visit ?? known?.visit;
      return existing === undefined ? this.#create(draft, door, free) : this.#edit(existing, draft, known);
    });
    this.#saved([visit, draft.door]);
    return { visit };
  }

  async review(visit: string, state: string | undefined, comment: string | undefined): Promise<void> {
    const now = this.#parts.surroundings.now();
    const by = enrolled(this.#parts).identity.person.id;
    const fields = { by, at: now, ...(state === undefined ? {} : { state }), ...(comment === undefined ? {} : { comment }) };
    await this.#change(visit, (automerge, document) => reviewVisit(automerge, document, fields, now));
  }

  async settle(visit: string, path: string, value: string): Promise<void> {
    const now = this.#parts.surroundings.now();
    await this.#change(visit, (automerge, document) => settleField(automerge, document, path, value, now));
  }

  async #create(draft: VisitDraft, door: DocumentRow | undefined, free: string | undefined): Promise<string> {
    const { surroundings, library } = this.#parts;
    const { identity } = enrolled(this.#parts);
    if (!door) throw unknownDoor();
    const now = surroundings.now();
    const id = free ?? crypto.randomUUID();
    const fields = { ...draft, at: draft.started_at, by: identity.person.id };
    const written = await library.with('visit', [], actorOf(identity.device, SLOT), (automerge, document) =>
      writtenBy(automerge, createVisit(automerge, document, fields, now)));
    const row: DocumentRow = {
      id, kind: 'visit', feed: door.feed, seq: 0, heads: [], digest: 0n, summary: null, whole: true, walk: door.walk,
    };
    await this.#store(undefined, row, written, saveOf(draft, id, written.made.hash, now), draft);
    return id;
  }

  /** The ids a visit may get now: made from device and time, where a time that was used is followed by the next. */
  #visitIds(): Promise<string[]> {
    const { device } = enrolled(this.#parts).identity;
    const now = this.#parts.surroundings.now();
    return Promise.all(Array.from({ length: VISITS_A_MOMENT_MAX }, (_, later) => visitId(device, now + later)));
  }

  async #edit(visit: string, draft: VisitDraft, known: SaveRow | undefined): Promise<string> {
    const { store, surroundings } = this.#parts;
    const base = (known?.hash === undefined ? undefined : [known.hash]) ?? draft.base_heads
      ?? (await store.draft(draft.key))?.base_heads ?? this.#opening.seen(visit)?.heads;
    const now = surroundings.now();
    const { row, written } = await this.#write(visit, (automerge, document) => editVisit(automerge, document, base, draft, now));
    await this.#store(row, row, written, saveOf(draft, visit, written?.made.hash ?? known?.hash, now), draft);
    return visit;
  }

  /** A change made without a draft, on what is shown now. */
  async #change(visit: string, writer: Writer): Promise<void> {
    if (!(await this.#parts.store.document(visit))?.whole) await this.#opening.fetch(visit);
    await this.#parts.writer.run(async () => {
      const { row, written } = await this.#write(visit, writer);
      if (written) await this.#store(row, row, written, null, null);
    });
    this.#saved([visit]);
  }

  async #write(visit: string, writer: Writer): Promise<{ row: DocumentRow; written: Written | null }> {
    const { store, library } = this.#parts;
    const { identity } = enrolled(this.#parts);
    const row = await store.document(visit);
    if (!row) throw unknownVisit();
    if (!row.whole) throw notWhole();
    const written = await library.with(row.kind, await partsOf(this.#parts, visit), actorOf(identity.device, SLOT), (automerge, document) => {
      const made = writer(automerge, document);
      return made && writtenBy(automerge, made);
    });
    return { row, written };
  }

  async #store(before: DocumentRow | undefined, row: DocumentRow, written: Written | null, save: SaveRow | null, draft: VisitDraft | null): Promise<void> {
    const { store, surroundings } = this.#parts;
    const now = surroundings.now();
    if (!written) return store.saveLocal(null, save, draft, now);
    const { hash, bytes, deps } = written.made;
    const outbox: OutboxRow = {
      hash, document: row.id, kind: row.kind, feed: row.feed, bytes, deps, at: now, state: 'waiting',
      order: 1 + Math.max(0, ...store.outbox().map((it) => it.order)),
    };
    if (written.summary?.kind === 'visit' && written.summary.door) outbox.door = written.summary.door;
    const change = { before, after: { ...row, summary: written.summary } };
    await store.saveLocal({ change, outbox }, save, draft, now);
  }

  #saved(documents: string[]): void {
    this.#parts.changed(documents);
    void this.#parts.schedule.trigger('saved');
  }
}

function writtenBy(automerge: Automerge, made: Made): Written {
  if (made.bytes.length > CHANGE_BYTES_MAX || made.operations > CHANGE_OPERATIONS_MAX) throw tooLong();
  const { document, ...rest } = made;
  return { made: rest, summary: summarise(automerge, document) };
}

function saveOf(draft: VisitDraft, visit: string, hash: string | undefined, nowMs: number): SaveRow {
  return { key: saveKey(draft), visit, changed_at: draft.changed_at, at: nowMs, ...(hash === undefined ? {} : { hash }) };
}

/** One draft, from its first keystroke to its end. */
function saveKey(draft: VisitDraft): string {
  return `${draft.key}|${draft.started_at}`;
}

// Rescue files that this device carries for whoever wrote them: kept until the office has said what became of each change.

import { refusalOf } from '../../bridge/error.ts';
import type { Parcel, RescueFile, RescuedLine, Refusal, VisitDraft } from '../../bridge/types.ts';
import type { Bytes } from '../bytes.ts';
import { postFile } from '../exchange/http.ts';
import { nameOf, readRescueFile, type RescueContents, type RescueDraft } from '../rescue/file.ts';
import type { ParcelRow } from '../store/rows.ts';
import { enrolled, type Parts } from './parts.ts';
import { fileName } from './witness.ts';

/** What the office will say again however often it is asked; everything else is tried again. */
const FINAL = new Set(['not_a_rescue_file', 'rescue_damaged', 'rescue_wrong_seal', 'rescue_device_unknown', 'rescue_version_unknown', 'too_large']);
/** Files whose outcome can still be read. */
const TOLD_MAX = 20;
/** What passed through holds the words of others; nobody asks about it after a week. */
const TOLD_MS = 7 * 24 * 60 * 60 * 1000;
/** What the office had no room for, or could not read, it may have or can after a while. */
const PARTLY_REST_MS = 60 * 60 * 1000;

/** The answer of `POST /api/rescue`. */
interface Answer { person: { id: string }; items: (Omit<RescuedLine, 'reason'> & { reason?: Refusal })[]; unreadable: number }

export class Parcels {
  readonly #parts: Parts;
  #delivering: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async list(): Promise<Parcel[]> {
    return (await this.#rows()).map((row) => row.parcel).sort((a, b) => b.taken_at - a.taken_at);
  }

  /** Takes a file along, and to the office if that can be reached now. The same file twice is one parcel, tried anew. */
  async take(bytes: Bytes): Promise<Parcel> {
    enrolled(this.#parts);
    const contents = readRescueFile(bytes);
    const id = await nameOf(bytes);
    await this.#alter((rows) => {
      const told = rows.filter((row) => row.parcel.id !== id);
      return [...told, { parcel: parcelOf(id, contents, this.#parts.surroundings.now()), bytes }];
    });
    this.#parts.changed([id]);
    await this.deliver();
    const taken = (await this.#rows()).find((row) => row.parcel.id === id);
    return taken?.parcel ?? parcelOf(id, contents, this.#parts.surroundings.now());
  }

  /** This phone's own unsent work as a file that it carries from now on. */
  async carried(bytes: Bytes): Promise<ParcelRow> {
    return { parcel: parcelOf(await nameOf(bytes), readRescueFile(bytes), this.#parts.surroundings.now()), bytes };
  }

  drop(id: string): Promise<void> {
    return this.#alter((rows) => rows.filter((row) => row.parcel.id !== id));
  }

  /** Tries again now, whatever the office said of it before. */
  async send(id: string): Promise<void> {
    if ((await this.file(id)) === null) return;
    await this.#settle(id, { state: 'waiting', refusal: undefined });
    this.#parts.changed([id]);
    await this.deliver();
  }

  async file(id: string): Promise<Pick<RescueFile, 'name' | 'bytes'> | null> {
    const row = (await this.#rows()).find((it) => it.parcel.id === id);
    return row?.bytes ? { name: fileName(row.parcel.name, row.parcel.made_at), bytes: row.bytes } : null;
  }

  /** Brings to the office what waits. What cannot be brought now waits on; nothing is thrown. */
  async deliver(): Promise<void> {
    // One at a time; what came while the last was under way is brought after it.
    await this.#delivering;
    this.#delivering = this.#deliverAll().finally(() => (this.#delivering = undefined));
    await this.#delivering;
  }

  async #deliverAll(): Promise<void> {
    const { surroundings, online, changed } = this.#parts;
    const isOver = ({ parcel, bytes }: ParcelRow): boolean => bytes === undefined && parcel.taken_at < surroundings.now() - TOLD_MS;
    if ((await this.#rows()).some(isOver)) await this.#alter((rows) => rows.filter((row) => !isOver(row)));
    for (const row of await this.#rows()) {
      const { parcel, bytes } = row;
      const token = this.#parts.enrolment()?.token;
      if (!isDue(row, surroundings.now()) || !bytes || token === undefined || !online()) continue;
      try {
        const answer = (await postFile(surroundings.fetch, token, '/api/rescue', bytes)) as Answer;
        // Before the bytes may go: they are all there is of what was half written.
        if (!row.drafts_restored) await this.#restoreDrafts(answer.person.id, readRescueFile(bytes).drafts);
        const state = isAllTaken(answer) ? 'taken' : 'partly';
        await this.#settle(parcel.id, { state, lines: answer.items.map(lineOf) });
      } catch (error) {
        const refusal = refusalOf(error);
        if (FINAL.has(refusal.code)) await this.#settle(parcel.id, { state: 'refused', refusal });
      }
      changed([parcel.id]);
    }
  }

  async #settle(id: string, outcome: Partial<Parcel>): Promise<void> {
    await this.#alter((rows) => {
      const settled = rows.map((row): ParcelRow => {
        if (row.parcel.id !== id) return row;
        const parcel = { ...row.parcel, ...outcome };
        // A file that is refused, if only in part, may be all there is of its words.
        if (parcel.state === 'taken') return { parcel };
        return parcel.state === 'partly'
          ? { ...row, parcel, partly_at: this.#parts.surroundings.now(), drafts_restored: true } : { ...row, parcel };
      });
      return settled.filter((row, index) => row.bytes !== undefined || index >= settled.length - TOLD_MAX);
    });
  }

  /** The same person goes on with what they had begun, where this phone has nothing begun at that door. */
  async #restoreDrafts(person: string, drafts: readonly RescueDraft[]): Promise<void> {
    const { store } = this.#parts;
    if (enrolled(this.#parts).identity.person.id !== person) return;
    for (const draft of drafts) {
      const key = `door/${draft.door}`;
      if (draft.visit !== null || (await store.draft(key))) continue;
      const { door, started_at, changed_at, purpose, outcome, note, met } = draft;
      const restored: VisitDraft = {
        key, door, started_at, changed_at, purpose, outcome, note, checks: Object.fromEntries(draft.checks), met, selection: note.length,
      };
      await store.putDraft(restored, `${key}|${started_at}`);
    }
  }

  async #rows(): Promise<ParcelRow[]> {
    return (await this.#parts.store.meta('parcels')) ?? [];
  }

  #alter(alter: (rows: ParcelRow[]) => ParcelRow[]): Promise<void> {
    const { store, writer } = this.#parts;
    return writer.run(async () => store.putMeta('parcels', alter(await this.#rows())));
  }
}

/** Nothing of it needs this copy any more: what is held lies in the tray of the office. */
function isAllTaken({ items, unreadable }: Answer): boolean {
  return unreadable === 0 && items.every((it) => it.status !== 'refused');
}

function isDue({ parcel, partly_at }: ParcelRow, nowMs: number): boolean {
  // A clock that was set back does not make it wait for longer.
  return parcel.state === 'waiting' || (parcel.state === 'partly' && Math.abs(nowMs - (partly_at ?? 0)) >= PARTLY_REST_MS);
}

function parcelOf(id: string, contents: RescueContents, nowMs: number): Parcel {
  return {
    id, device: contents.device, name: contents.name, made_at: contents.made_at, taken_at: nowMs, state: 'waiting', lines: [],
    items: contents.items.map((it) => ({ place: it.place, at: it.at, ...(it.door === null ? {} : { door: it.door }) })),
    drafts: contents.drafts.map((it) => ({
      door: it.door, place: it.place, changed_at: it.changed_at, note: it.note, ...(it.visit === null ? {} : { visit: it.visit }),
    })),
  };
}

function lineOf({ place, at, door, document, status, was_here, reason }: Answer['items'][number]): RescuedLine {
  return { place, at, document, status, was_here, ...(door === undefined ? {} : { door }), ...(reason === undefined ? {} : { reason }) };
}

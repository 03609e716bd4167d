// What is said to the pages to be kept outside the store, in case the browser clears it behind our back: whose phone
// this is, what has not been sent, and the same as a rescue file. Never the token.

import type { RescueFile, UnsentItem, Witness } from '../../bridge/types.ts';
import { toBase64, type Bytes } from '../bytes.ts';
import { nothingToRescue } from '../refusals.ts';
import { writeRescueFile, type RescueDraft, type RescueItem } from '../rescue/file.ts';
import type { Enrolment, FaceRow, OutboxRow } from '../store/rows.ts';
import { doorAddress } from '../views/visits.ts';
import { enrolled, type Parts } from './parts.ts';

/** A draft changes with every key; its copy follows when the person rests. */
const DRAFT_REST_MS = 3_000;

export class Witnessing {
  readonly #parts: Parts;
  #told = '';
  #working = false;
  #again = false;
  #resting = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Tells the pages anew if anything of it has changed. Off the path of whatever changed it. */
  tell(): void {
    this.#again = true;
    if (this.#working) return;
    this.#working = true;
    void this.#work().finally(() => (this.#working = false));
  }

  /** The same, once nothing has been typed for a moment. */
  tellSoon(): void {
    if (this.#resting) return;
    this.#resting = true;
    this.#parts.surroundings.later(DRAFT_REST_MS, () => {
      this.#resting = false;
      this.tell();
    });
  }

  /** Everything unsent as a file. */
  async file(): Promise<RescueFile> {
    const enrolment = enrolled(this.#parts);
    const unsent = await this.#unsent();
    if (unsent.items.length + unsent.drafts.length === 0) throw nothingToRescue();
    const bytes = await this.#write(enrolment, unsent);
    const name = fileName(enrolment.identity.person.name, this.#parts.surroundings.now());
    return { name, bytes, changes: unsent.items.length, drafts: unsent.drafts.length };
  }

  async #work(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const enrolment = this.#parts.enrolment();
      const unsent = enrolment ? await this.#unsent().catch(() => undefined) : undefined;
      // A store that does not answer now says nothing new of what is unsent.
      if (enrolment && !unsent) return;
      const state = JSON.stringify([enrolment?.identity.device, unsent?.rows.map((row) => row.hash), unsent?.drafts]);
      if (state === this.#told) continue;
      this.#told = state;
      this.#parts.emit({ event: 'witness', witness: enrolment && unsent ? await this.#witness(enrolment, unsent) : null });
    }
  }

  async #witness(enrolment: Enrolment, unsent: Unsent): Promise<Witness> {
    const { device, person, community } = enrolment.identity;
    const witness: Witness = {
      device, person: { id: person.id, name: person.name }, community: community.name, at: this.#parts.surroundings.now(),
      unsent: unsent.rows.map((row, index) => itemOf(row, unsent.items[index]?.place ?? '')),
    };
    if (unsent.items.length + unsent.drafts.length > 0) witness.file = toBase64(await this.#write(enrolment, unsent));
    return witness;
  }

  async #unsent(): Promise<Unsent> {
    const { store } = this.#parts;
    const [faces, drafts] = await Promise.all([store.faces(), store.drafts()]);
    const rows = store.outbox();
    const items = rows.map((row): RescueItem => ({
      document: row.document, kind: row.kind, feed: row.feed, bytes: row.bytes, at: row.at, door: row.door ?? null,
      place: placeOf(row.door, faces),
    }));
    return {
      rows, items,
      drafts: drafts.map((it): RescueDraft => ({
        door: it.door, visit: it.visit ?? null, place: placeOf(it.door, faces), started_at: it.started_at, changed_at: it.changed_at,
        purpose: it.purpose, outcome: it.outcome, note: it.note, checks: Object.entries(it.checks), met: it.met,
      })),
    };
  }

  #write({ identity, token }: Enrolment, { items, drafts }: Unsent): Promise<Bytes> {
    const { surroundings } = this.#parts;
    const made_at = surroundings.now();
    const head = {
      device: identity.device, person: identity.person.id, name: identity.person.name, community: identity.community.id, made_at,
      app: surroundings.app_version,
    };
    return writeRescueFile({ ...head, items, drafts }, wordsOf(identity.person.name, made_at, items.length, drafts.length), token);
  }
}

interface Unsent { rows: OutboxRow[]; items: RescueItem[]; drafts: RescueDraft[] }

function itemOf(row: OutboxRow, place: string): UnsentItem {
  return { document: row.document, hash: row.hash, ...(row.door === undefined ? {} : { door: row.door }), place, at: row.at };
}

/** As colleagues say it: `3-2-501`; empty for a door that is not on this phone. */
function placeOf(door: string | undefined, faces: ReadonlyMap<string, FaceRow>): string {
  if (door === undefined) return '';
  const { building, unit, label } = doorAddress(door, faces);
  return [building, unit, label].filter(Boolean).join('-');
}

/** What a rescue file is called among the downloads. */
export function fileName(person: string, madeAtMs: number): string {
  return `楼道-${person}-${stamp(madeAtMs).replaceAll(/[-:]/g, '').replace(' ', '-')}.stairwell`;
}

/** For whoever opens the file as text. */
function wordsOf(name: string, atMs: number, changes: number, drafts: number): string {
  return `楼道救援文件：${name}，${stamp(atMs)}，没有送到平台的改动 ${changes} 条，写了一半的 ${drafts} 条。
里面有走访记录，请只交给社区管理员，或在同社区的另一台手机上打开楼道，选“我的”里的“导入救援文件”。
Rescue file of Stairwell: ${changes} unsent changes and ${drafts} drafts of ${name}.
It holds notes on visits. Give it to the supervisor, or import it on another phone of the same community.
`;
}

/** The time on this phone's wall: `2026-11-22 14:05`. */
function stamp(atMs: number): string {
  const local = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, 16).replace('T', ' ');
}

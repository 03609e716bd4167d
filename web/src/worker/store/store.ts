// The phone's store in the words of the app: what may be asked of it and what may be written.
// Every write that a person relies on is one strict transaction. No Automerge and no network here.

import type { VisitDraft } from '../../bridge/types.ts';
import type { Bytes } from '../bytes.ts';
import {
  SETTLING, rowsOffered, sorted, writeArrived, writeOffered, writeSettled, type Arrival, type OwnChange, type Settlement,
} from './arriving.ts';
import { Database, type Reading, type StoreName, type Writing } from './database.ts';
import { endDraft, writeDraft } from './drafts.ts';
import { Mirror, type Kept } from './mirror.ts';
import type { Later } from './patience.ts';
import { PUTTING, isOfAnotherClock, makeFaces, putRows, removeRows, type FaceChanges, type RowChange } from './putting.ts';
import { FORGETTABLE, RELEASABLE, forgetBefore, isReleasable, release } from './room.ts';
import type {
  DocumentRow, FaceRow, FeedRow, MetaValues, OutboxRow, SaveRow, SettledRow,
} from './rows.ts';

export type { Arrival, Offered, OwnChange, Settlement } from './arriving.ts';

const ALL: StoreName[] = [
  'documents', 'chunks', 'outbox', 'settled', 'faces', 'feeds', 'drafts', 'saves', 'meta',
];
/** A save is asked twice within seconds, or not at all. */
const SAVE_KEPT_MS = 24 * 60 * 60 * 1000;
/** Accepted changes are remembered as long as someone may ask about them; the documents hold them for ever. */
const ACCEPTED_KEPT_MS = 90 * 24 * 60 * 60 * 1000;

export interface Standing {
  doors: number; visits: number;
  /** Documents whose bytes are here. */
  whole: number;
  exchange: MetaValues['exchange'] | undefined;
}

export class Store {
  /** Called when the browser has cleared the store under us and unsent work was put back. Documents are not here any more. */
  emptied: () => void = () => undefined;
  readonly #database: Database;
  readonly #mirror = new Mirror();
  #faces: Promise<Map<string, FaceRow>> | undefined;

  private constructor(name: string, later: Later) {
    this.#database = new Database(name, {
      later,
      refill: (transaction) => {
        this.#mirror.refill(transaction, this.#database.epoch);
        this.#faces = undefined;
        void transaction.done.then(() => this.emptied(), () => undefined);
      },
    });
  }

  /**
   * Opens the store and reads, in one transaction, all that the first page of the app needs of it. `claim`: from a
   * worker that may still be running somewhere, and that from here on writes nothing.
   */
  static async open(name: string, later: Later, claim: boolean): Promise<Store> {
    const store = new Store(name, later);
    const stores: StoreName[] = ['outbox', 'settled', 'drafts', 'faces', 'meta'];
    if (!claim) {
      const epoch = await store.#database.read(stores, (transaction) => store.#take(transaction));
      store.#database.epoch = epoch;
      return store;
    }
    store.#database.epoch = await store.#database.write(stores, async (transaction) => {
      const epoch = 1 + await store.#take(transaction);
      await transaction.objectStore('meta').put(epoch, 'epoch');
      return epoch;
    });
    return store;
  }

  /** Reads what is mirrored; answers which lead wrote it. */
  async #take(transaction: Reading | Writing): Promise<number> {
    const [faces, epoch] = await Promise.all([
      transaction.objectStore('faces').getAll(),
      transaction.objectStore('meta').get('epoch') as Promise<MetaValues['epoch'] | undefined>,
      this.#mirror.take(transaction),
    ]);
    this.#faces = Promise.resolve(new Map(faces.map((row) => [row.id, row])));
    return epoch ?? 0;
  }

  /** Another worker leads, or whether the last write was kept nobody can say: this object is of no more use. */
  get ended(): boolean {
    return this.#database.ended;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  // Small values

  /** Read once, then kept in step with every write. */
  async meta<K extends keyof MetaValues>(key: K): Promise<MetaValues[K] | undefined> {
    if (!this.#mirror.meta.has(key)) {
      const value = await this.#database.read(['meta'], (transaction) => transaction.objectStore('meta').get(key));
      // Meanwhile it may have been written.
      if (!this.#mirror.meta.has(key)) this.#mirror.meta.set(key, value);
    }
    return this.#mirror.meta.get(key) as MetaValues[K] | undefined;
  }

  async putMeta<K extends keyof MetaValues>(key: K, value: MetaValues[K]): Promise<void> {
    await this.#database.write(['meta'], async (transaction) => {
      await transaction.objectStore('meta').put(value, key);
    });
    this.#mirror.meta.set(key, value);
  }

  /** Empties the store; with an enrolment, starts the next person's in the same transaction, with what is kept for it. */
  async clear(next?: MetaValues['enrolment'], kept: Kept = { parcels: [], drafts: false }): Promise<void> {
    const cleared = ALL.filter((name) => name !== 'meta' && !(kept.drafts && name === 'drafts'));
    await this.#database.write(ALL, async (transaction) => {
      const meta = transaction.objectStore('meta');
      await Promise.all(cleared.map((name) => transaction.objectStore(name).clear()));
      // Who leads outlives whose phone it is.
      await Promise.all((await meta.getAllKeys()).filter((key) => key !== 'epoch').map((key) => meta.delete(key)));
      if (next) await meta.put(next, 'enrolment');
      if (kept.parcels.length > 0) await meta.put(kept.parcels, 'parcels');
    });
    this.#mirror.clear(next, kept);
    this.#faces = undefined;
  }

  // Reading

  /** The doors of this phone, by id. Read once, then kept in step with every write. */
  faces(): Promise<ReadonlyMap<string, FaceRow>> {
    this.#faces ??= this.#database
      .read(['faces'], (transaction) => transaction.objectStore('faces').getAll())
      .then((rows) => new Map(rows.map((row) => [row.id, row])));
    this.#faces.catch(() => (this.#faces = undefined));
    return this.#faces;
  }

  document(id: string): Promise<DocumentRow | undefined> {
    return this.#database.read(['documents'], (transaction) => transaction.objectStore('documents').get(id));
  }

  documents(ids: readonly string[]): Promise<Map<string, DocumentRow>> {
    return this.#database.read(['documents'], async (transaction) => {
      const rows = await Promise.all(ids.map((id) => transaction.objectStore('documents').get(id)));
      return new Map(rows.flatMap((row) => (row ? [[row.id, row] as const] : [])));
    });
  }

  /** A door and the visits made there. */
  doorWithVisits(door: string): Promise<[DocumentRow | undefined, DocumentRow[]]> {
    return this.#database.read(['documents'], (transaction) => {
      const documents = transaction.objectStore('documents');
      return Promise.all([documents.get(door), documents.index('door').getAll(door)]);
    });
  }

  /** The newest visits of one person, newest first. */
  visitsBy(person: string, limit: number): Promise<DocumentRow[]> {
    return this.#database.read(['documents'], async (transaction) => {
      const range = IDBKeyRange.bound([person, -Infinity], [person, Infinity]);
      const rows: DocumentRow[] = [];
      let cursor = await transaction.objectStore('documents').index('by_at').openCursor(range, 'prev');
      for (; cursor && rows.length < limit; cursor = await cursor.continue()) rows.push(cursor.value);
      return rows;
    });
  }

  rowsOfFeed(feed: string): Promise<DocumentRow[]> {
    return this.#database.read(['documents'], (transaction) =>
      transaction.objectStore('documents').index('feed').getAll(feed));
  }

  /** Every document whose bytes are here, whatever feed it is of: the desk follows none. */
  wholeRows(): Promise<DocumentRow[]> {
    return this.#database.read(['documents'], async (transaction) =>
      (await transaction.objectStore('documents').getAll()).filter((row) => row.whole));
  }

  staleIds(): Promise<string[]> {
    return this.#database.read(['documents'], (transaction) =>
      transaction.objectStore('documents').index('stale').getAllKeys());
  }

  chunks(ids: readonly string[]): Promise<Map<string, Bytes>> {
    return this.#database.read(['chunks'], async (transaction) => {
      const rows = await Promise.all(ids.map((id) => transaction.objectStore('chunks').get(id)));
      return new Map(rows.flatMap((row) => (row ? [[row.id, row.bytes] as const] : [])));
    });
  }

  /** How much there is of what, and when the office was last heard: one look, for it is asked after every exchange. */
  standing(): Promise<Standing> {
    return this.#database.read(['documents', 'chunks', 'meta'], async (transaction) => {
      const kinds = transaction.objectStore('documents').index('kind');
      const [doors, visits, whole, exchange] = await Promise.all([
        kinds.count('door'), kinds.count('visit'), transaction.objectStore('chunks').count(),
        transaction.objectStore('meta').get('exchange') as Promise<MetaValues['exchange'] | undefined>,
      ]);
      return { doors, visits, whole, exchange };
    });
  }

  feeds(): Promise<FeedRow[]> {
    return this.#database.read(['feeds'], (transaction) => transaction.objectStore('feeds').getAll());
  }

  /** What a save must know: whether it was made before, its door, and which of these ids no document has yet. */
  beforeSave(key: string, door: string, ids: readonly string[]): Promise<[SaveRow | undefined, DocumentRow | undefined, string | undefined]> {
    return this.#database.read(['saves', 'documents'], async (transaction) => {
      const documents = transaction.objectStore('documents');
      const [save, row, ...used] = await Promise.all([
        transaction.objectStore('saves').get(key), documents.get(door), ...ids.map((id) => documents.getKey(id)),
      ]);
      return [save, row, ids.find((_, at) => used[at] === undefined)];
    });
  }

  /** Changes made here that no receipt has named yet, and refused ones, oldest first. */
  outbox(): OutboxRow[] {
    return [...this.#mirror.outbox.values()].sort((a, b) => a.order - b.order);
  }

  held(): SettledRow[] {
    return [...this.#mirror.held.values()].sort((a, b) => a.at - b.at);
  }

  /** The receipts of changes that the office took, as long as they are remembered. */
  accepted(): Promise<SettledRow[]> {
    return this.#database.read(['settled'], (transaction) =>
      transaction.objectStore('settled').index('status').getAll('accepted'));
  }

  /** The changes that belong on top of the server's chunks of this document, in the order they were made. */
  ownChanges(document: string): OwnChange[] {
    const held = this.held().filter((row) => row.document === document && row.bytes)
      .map((row) => ({ hash: row.hash, bytes: row.bytes as Bytes, deps: [], held: true }));
    const unsent = this.outbox().filter((row) => row.document === document)
      .map((row) => ({ hash: row.hash, bytes: row.bytes, deps: row.deps, held: false }));
    return [...held, ...unsent];
  }

  // Drafts

  drafts(): Promise<VisitDraft[]> {
    return this.#database.read(['drafts'], (transaction) => transaction.objectStore('drafts').getAll());
  }

  draft(key: string): Promise<VisitDraft | undefined> {
    return this.#database.read(['drafts'], (transaction) => transaction.objectStore('drafts').get(key));
  }

  /**
   * Called at each keystroke, so it does not wait for the disk; a killed browser still keeps it. What the draft began
   * from is kept from its first keystroke, and a keystroke that comes after its own save does not bring it back.
   * One that comes when the person has left is nobody's.
   */
  async putDraft(draft: VisitDraft, saveKey: string): Promise<void> {
    const kept = await this.#database.writeRelaxed(['drafts', 'saves', 'meta'], (transaction) => writeDraft(transaction, draft, saveKey));
    if (kept) this.#mirror.drafts.set(kept.key, kept);
  }

  async dropDraft(key: string): Promise<void> {
    await this.#database.write(['drafts'], (transaction) => transaction.objectStore('drafts').delete(key));
    this.#mirror.drafts.delete(key);
  }

  // Writing

  /** A save: the row, the change that waits to be sent, and the end of its draft, together or not at all. */
  async saveLocal(written: { change: RowChange; outbox: OutboxRow } | null, save: SaveRow | null, draft: VisitDraft | null, nowMs: number): Promise<void> {
    const { faces, isEnded } = await this.#database.write([...PUTTING, 'outbox', 'saves', 'drafts'], async (transaction) => {
      if (written) await transaction.objectStore('outbox').put(written.outbox);
      if (save) await transaction.objectStore('saves').put(save);
      const isEnded = draft !== null && (await endDraft(transaction, draft));
      return { faces: await putRows(transaction, written ? [written.change] : [], nowMs), isEnded };
    });
    if (draft && isEnded) this.#mirror.drafts.delete(draft.key);
    if (written) this.#mirror.outbox.set(written.outbox.hash, written.outbox);
    await this.#applyFaces(faces);
  }

  /** What the server said of changes. Accepted bytes move into the chunks in the transaction that ends their wait. */
  async settle(settlements: readonly Settlement[], changes: readonly RowChange[], nowMs: number): Promise<void> {
    const { settled, refused } = sorted(settlements, nowMs);
    const faces = await this.#database.write(SETTLING, async (transaction) => {
      await writeSettled(transaction, settlements, settled, refused);
      return putRows(transaction, changes, nowMs);
    });
    for (const row of settled) this.#mirror.outbox.delete(row.hash);
    for (const row of settled) if (row.status === 'held') this.#mirror.held.set(row.hash, row);
    for (const row of refused) this.#mirror.outbox.set(row.hash, row);
    await this.#applyFaces(faces);
  }

  /** What arrived, with the cursors it moves: a document is stored exactly when its cursor counts it. */
  async arrive(arrivals: readonly Arrival[], move: (feed: FeedRow) => FeedRow, nowMs: number): Promise<void> {
    const offered = rowsOffered(arrivals, this.outbox());
    const faces = await this.#database.write(SETTLING, async (transaction) => {
      await writeArrived(transaction, arrivals, nowMs);
      await writeOffered(transaction, offered);
      const faces = await putRows(transaction, arrivals.map((it) => it.change), nowMs);
      const feeds = transaction.objectStore('feeds');
      for (const row of await feeds.getAll()) {
        const moved = move(row);
        if (moved !== row) await feeds.put(moved);
      }
      return faces;
    });
    for (const { hash } of arrivals.flatMap((it) => it.arrived)) {
      this.#mirror.outbox.delete(hash);
      this.#mirror.held.delete(hash);
    }
    for (const row of offered) {
      this.#mirror.held.delete(row.hash);
      this.#mirror.outbox.set(row.hash, row);
    }
    await this.#applyFaces(faces);
  }

  /** The bytes here lack something that the server has. */
  markStale(id: string): Promise<void> {
    return this.#database.write(['documents'], async (transaction) => {
      const row = await transaction.objectStore('documents').get(id);
      if (row && row.stale !== 1) await transaction.objectStore('documents').put({ ...row, stale: 1 });
    });
  }

  async remove(rows: readonly DocumentRow[], nowMs: number): Promise<void> {
    const faces = await this.#database.write([...PUTTING, 'chunks'], (transaction) => removeRows(transaction, rows, nowMs));
    await this.#applyFaces(faces);
  }

  /** Sets which feeds this phone walks; a new one starts at its beginning. */
  async setFeeds(ids: readonly string[]): Promise<void> {
    await this.#database.write(['feeds'], async (transaction) => {
      const feeds = transaction.objectStore('feeds');
      const known = new Set(await feeds.getAllKeys());
      for (const id of known) if (!ids.includes(id)) await feeds.delete(id);
      for (const feed of ids) {
        if (!known.has(feed)) await feeds.put({ feed, cursor: 0, history: null, sum: 0n, walk: 0, suspect: false });
      }
    });
  }

  putFeed(row: FeedRow): Promise<void> {
    return this.#database.write(['feeds'], async (transaction) => {
      await transaction.objectStore('feeds').put(row);
    });
  }

  async #applyFaces(changes: FaceChanges): Promise<void> {
    if (!this.#faces) return;
    const faces = await this.#faces;
    for (const [door, face] of changes) {
      if (face) faces.set(door, face);
      else faces.delete(door);
    }
  }

  /** Looks again at the doors whose face was made by a clock that was wrong then, or is now. Answers which. */
  async mendFaces(nowMs: number): Promise<string[]> {
    const doors = [...(await this.faces()).values()].filter((face) => isOfAnotherClock(face, nowMs)).map((face) => face.id);
    if (doors.length === 0) return [];
    const faces = await this.#database.write([...PUTTING], (transaction) => makeFaces(transaction, doors, nowMs));
    await this.#applyFaces(faces);
    return doors;
  }

  /** Forgets what nobody asks about any more. Never needed, so it may run whenever there is time. */
  async tidy(nowMs: number): Promise<void> {
    await this.#database.writeRelaxed(FORGETTABLE, (transaction) =>
      forgetBefore(transaction, nowMs - SAVE_KEPT_MS, nowMs - ACCEPTED_KEPT_MS));
  }

  /**
   * Lets go of what the office has and gives again: bytes of past visits (their rows stay), and what is only remembered.
   * Never what is unsent, held or half written. `doors` are those of today, whose visits stay. True when there was any.
   * Runs in the writer's turn, or a row that is being worked on could come back without its bytes.
   */
  async makeRoom(doors: ReadonlySet<string>, nowMs: number): Promise<boolean> {
    const own = this.#mirror.own();
    // What is only deleted needs no room itself, so it goes first.
    const forgotten = await this.#database.writeRelaxed(FORGETTABLE, (transaction) =>
      forgetBefore(transaction, nowMs - SAVE_KEPT_MS, nowMs));
    const released = await this.#database.writeRelaxed(RELEASABLE, (transaction) =>
      release(transaction, (row) => isReleasable(row, { own, doors, now_ms: nowMs })));
    return forgotten + released > 0;
  }
}

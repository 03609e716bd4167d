// Takes the frames of one response as they arrive and stores them in batches: receipts first, then documents with
// the cursors they move. Whatever was taken when the signal dies has been stored, or will be by `flush`.

import type { Library } from '../documents/library.ts';
import type { Serial } from '../serial.ts';
import type { Directory, FeedRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import { planArrivals } from './arrivals.ts';
import { moveByDocuments, moveByFeedFrame, type FeedNext } from './feeds.ts';
import type { DocumentFrame, FeedFrame, Frame, People, Receipt } from './frames.ts';
import { settleReceipts } from './settling.ts';

/** A first exchange is not one commit per door, and a killed browser loses little. (A dying signal loses nothing: see `flush`.) */
const BATCH_DOCUMENTS = 200;
const BATCH_BYTES = 128 * 1024;

export interface ReceiverParts {
  store: Store; library: Library; writer: Serial; now(): number;
  /** True once this phone belongs to no one, or to someone else: what still arrives is nobody's. */
  stopped(): boolean;
  changed(documents: string[]): void;
  /** Takes in who is who; true when the feeds of this person are others now, so that they are walked at once. */
  people(directory: Directory): Promise<boolean>;
}

/** What the response asks of the next request. */
export interface Outcome {
  more: boolean; receipts: number;
  /** Something in the request could not be read: why. */
  notice?: string;
  /** The answer's last frame came, and everything before it is stored. */
  complete: boolean;
  /** Server time minus phone time. */
  clock_error_ms: number;
}

export class Receiver {
  readonly outcome: Outcome = { more: false, receipts: 0, complete: false, clock_error_ms: 0 };
  readonly #parts: ReceiverParts;
  #receipts: Receipt[] = [];
  #documents = new Map<string, DocumentFrame>();
  #bytes = 0;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
  }

  async take(frame: Frame): Promise<void> {
    if (frame.frame !== 'receipt') await this.#settle();
    switch (frame.frame) {
      case 'receipt':
        this.#receipts.push(frame);
        return;
      case 'document':
        return this.#takeDocument(frame);
      case 'feed':
        return this.#endFeed(frame);
      case 'people':
        return this.#takePeople(frame);
      case 'end':
        // Read at once: storing what came before takes a while, and that is not the clock's fault.
        this.outcome.clock_error_ms = frame.server_time - this.#parts.now();
        await this.flush();
        this.outcome.complete = true;
        return;
      case 'notice':
        this.outcome.notice = frame.reason;
        return;
      default:
        // hello, change and want are only ever sent to the server.
        return;
    }
  }

  /** Stores everything taken so far. */
  async flush(): Promise<void> {
    await this.#settle();
    await this.#store();
  }

  async #settle(): Promise<void> {
    if (this.#receipts.length === 0) return;
    const receipts = this.#receipts;
    this.#receipts = [];
    const { store, now, changed } = this.#parts;
    const documents = await this.#write([], () => settleReceipts(store, receipts, now()));
    this.outcome.receipts += receipts.length;
    changed(documents);
  }

  async #takeDocument(frame: DocumentFrame): Promise<void> {
    // The same document may come twice, wanted and walked; each is worked out on top of the one before.
    if (this.#documents.has(frame.document)) await this.#store();
    this.#documents.set(frame.document, frame);
    this.#bytes += frame.bytes.length + (frame.summary?.length ?? 0);
    if (this.#documents.size >= BATCH_DOCUMENTS || this.#bytes >= BATCH_BYTES) await this.#store();
  }

  async #store(): Promise<void> {
    const frames = [...this.#documents.values()];
    if (frames.length === 0) return;
    this.#documents = new Map();
    this.#bytes = 0;
    const { store, library, now, changed } = this.#parts;
    const documents = await this.#write([], async () => {
      const arrivals = await planArrivals(store, library, frames, await store.feeds());
      await store.arrive(arrivals, (feed) => moveByDocuments(feed, frames), now());
      return arrivals.filter(({ change: { before, after }, arrived }) =>
        !before || arrived.length > 0 || before.heads.join() !== after.heads.join()
        || before.whole !== after.whole || before.stale !== after.stale);
    });
    changed(documents.map(({ change }) => change.after.id));
  }

  async #endFeed(frame: FeedFrame): Promise<void> {
    await this.#store();
    const { store, now, changed } = this.#parts;
    const gone = await this.#write([], async () => {
      const row = (await store.feeds()).find((feed) => feed.feed === frame.feed);
      if (!row) return [];
      const moved = moveByFeedFrame(row, frame, now());
      await store.putFeed(moved.row);
      if (continues(moved.next)) this.outcome.more = true;
      return moved.next === 'walked' ? forgetUnlisted(store, moved.row, now()) : [];
    });
    changed(gone);
  }

  async #takePeople(frame: People): Promise<void> {
    await this.#store();
    const directory = { version: frame.version, people: frame.people, feeds: frame.feeds };
    if (await this.#write(false, () => this.#parts.people(directory))) this.outcome.more = true;
  }

  /** Reads, thinks and writes in one turn, so that no save falls between; nothing once stopped. */
  #write<T>(otherwise: T, body: () => Promise<T>): Promise<T> {
    return this.#parts.writer.run(() => (this.#parts.stopped() ? Promise.resolve(otherwise) : body()));
  }
}

function continues(next: FeedNext): boolean {
  return next !== 'equal';
}

/** Rows that a full walk did not list belong to this feed no more. What holds unsent work stays. */
async function forgetUnlisted(store: Store, feed: FeedRow, nowMs: number): Promise<string[]> {
  const rows = await store.rowsOfFeed(feed.feed);
  const gone = rows.filter((row) => row.walk !== feed.walk && row.heads.length > 0 && store.ownChanges(row.id).length === 0);
  await store.remove(gone, nowMs);
  return gone.map((row) => row.id);
}

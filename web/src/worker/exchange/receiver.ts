// Takes the frames of one response as they arrive and stores them in batches: receipts first, then documents with
// the cursors they move. Whatever was taken when the signal dies has been stored, or will be by `flush`.

import type { Library } from '../documents/library.ts';
import type { Serial } from '../serial.ts';
import type { Directory, DocumentRow, FeedRow } from '../store/rows.ts';
import type { Arrival, Store } from '../store/store.ts';
import { planArrivals } from './arrivals.ts';
import { low32 } from './digest.ts';
import { isRestored, moveByComparison, moveByFeedFrame, moveByNewest, moveByOffer, moveByStart, moveByWalk, type FeedNext } from './feeds.ts';
import type { Compared, FeedFrame, Frame, People, Receipt, Shared, Start } from './frames.ts';
import { feedsOfOffers, judgeUnlisted, offerTray } from './offering.ts';
import { unlisted } from './repair.ts';
import { settleReceipts } from './settling.ts';
import { sizeOf, toldByDocument, toldByNews, toldByRows, type Told } from './told.ts';

/** A first exchange is not one commit per door, and a killed browser loses little. (A dying signal loses nothing: see `flush`.) */
const BATCH_DOCUMENTS = 200;
const BATCH_BYTES = 128 * 1024;

export interface ReceiverParts {
  shared: Shared;
  /** The feeds that this request compares. They are not walked: what comes of them moves no cursor. */
  compared: readonly string[];
  /** Documents that their feed did not list and that were offered again in this run. More are added here. */
  offered: Set<string>;
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
  #told = new Map<string, Told>();
  #bytes = 0;
  /** What was listed of the feeds that are compared, until they have been. */
  readonly #listed: Map<string, Set<string>>;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
    this.#listed = new Map(parts.compared.map((feed) => [feed, new Set()]));
  }

  async take(frame: Frame): Promise<void> {
    if (frame.frame !== 'receipt') await this.#settle();
    switch (frame.frame) {
      case 'receipt':
        this.#receipts.push(frame);
        return;
      case 'document':
        return this.#takeTold([toldByDocument(frame)]);
      case 'news':
        return this.#takeTold([toldByNews(frame)]);
      case 'rows':
        return this.#takeTold(toldByRows(frame));
      case 'start':
        return this.#startFeed(frame);
      case 'compared':
        return this.#endComparison(frame);
      case 'feed':
        return this.#endFeed(frame);
      case 'people':
        return this.#takePeople(frame);
      case 'end':
        // Read at once: storing what came before takes a while, and that is not the clock's fault.
        this.outcome.clock_error_ms = frame.server_time - this.#parts.now();
        await this.flush();
        await this.#endComparisons();
        this.outcome.complete = true;
        return;
      case 'notice':
        this.outcome.notice = frame.reason;
        return;
      default:
        // hello, change, want and compare are only ever sent to the server.
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

  /** What one frame told is stored together, or not at all: the place in its feed goes by frames. */
  async #takeTold(told: readonly Told[]): Promise<void> {
    // The same document may come twice, wanted and walked; each is worked out on top of the one before.
    if (told.some((it) => this.#told.has(it.document))) await this.#store();
    for (const it of told) {
      this.#told.set(it.document, it);
      this.#bytes += sizeOf(it);
      this.#listed.get(it.feed)?.add(it.document);
    }
    if (this.#told.size >= BATCH_DOCUMENTS || this.#bytes >= BATCH_BYTES) await this.#store();
  }

  async #store(): Promise<void> {
    const told = [...this.#told.values()];
    if (told.length === 0) return;
    this.#told = new Map();
    this.#bytes = 0;
    const { store, library, shared, now, changed } = this.#parts;
    const walked = told.filter((it) => !this.#listed.has(it.feed));
    const move = shared.version === 1 ? moveByWalk : moveByNewest;
    const documents = await this.#write([], async () => {
      const planned = await planArrivals(store, library, shared, told, await store.feeds());
      const arrivals = [...planned, ...await offerTray(store, feedsOfOffers(planned), shared.sent, planned)];
      await store.arrive(arrivals, (feed) => move(feed, walked), now());
      return arrivals.filter(differs);
    });
    changed(documents.map(({ change }) => change.after.id));
  }

  async #startFeed({ feed, history }: Start): Promise<void> {
    await this.#store();
    await this.#write(undefined, () => this.#putFeed(feed, (row) => moveByStart(row, history)));
  }

  async #endFeed(frame: FeedFrame): Promise<void> {
    await this.#store();
    const { store, shared, now, changed } = this.#parts;
    const documents = await this.#write([], async () => {
      const row = (await store.feeds()).find((feed) => feed.feed === frame.feed);
      if (!row) return [];
      // A change that waits may be there already, if its receipt was lost.
      const judged = shared.version === 1 || !store.outbox().some((it) => it.feed === frame.feed && it.state === 'waiting');
      const moved = moveByFeedFrame(row, frame, { version: shared.version, now_ms: now(), judged });
      if (continues(moved.next)) this.outcome.more = true;
      const tray = isRestored(row, frame) ? await offerTray(store, new Set([frame.feed]), shared.sent, []) : [];
      const offered = await this.#offer(frame.feed, tray, () => moved.row);
      if (moved.next !== 'walked') return offered;
      const heard = await this.#heard(frame.feed);
      return [...offered, ...await this.#giveUp(frame.feed, heard.filter((it) => it.walk !== moved.row.walk), (it) => it)];
    });
    changed(documents);
  }

  async #endComparison({ feed, parts }: Compared): Promise<void> {
    const listed = this.#listed.get(feed);
    if (!listed) return;
    await this.#store();
    this.#listed.delete(feed);
    const documents = await this.#write([], async () =>
      this.#giveUp(feed, unlisted(await this.#heard(feed), parts, listed), (row) => moveByComparison(row, this.#parts.now())));
    this.#parts.changed(documents);
  }

  /** A server that says nothing of a comparison is not asked again and again. */
  async #endComparisons(): Promise<void> {
    const { now } = this.#parts;
    for (const feed of this.#listed.keys()) await this.#write(undefined, () => this.#putFeed(feed, (row) => moveByComparison(row, now())));
    this.#listed.clear();
  }

  async #putFeed(feed: string, move: (row: FeedRow) => FeedRow): Promise<void> {
    const { store } = this.#parts;
    const row = (await store.feeds()).find((it) => it.feed === feed);
    if (row) await store.putFeed(move(row));
  }

  /** The rows that the server told of in this feed. */
  async #heard(feed: string): Promise<DocumentRow[]> {
    return (await this.#parts.store.rowsOfFeed(feed)).filter((row) => row.digest !== 0n);
  }

  /** Forgets rows that their feed lists no more, or offers again what was written here. What holds unsent work stays. */
  async #giveUp(feed: string, rows: readonly DocumentRow[], move: (row: FeedRow) => FeedRow): Promise<string[]> {
    const { store, library, shared, offered, now } = this.#parts;
    const { gone, offers } = await judgeUnlisted(store, library, shared.device, rows, offered);
    for (const { change } of offers) offered.add(change.after.id);
    await store.remove(gone, now());
    const changed = await this.#offer(feed, [...offers, ...await offerTray(store, feedsOfOffers(offers), shared.sent, offers)], move);
    return [...gone.map((it) => it.id), ...changed];
  }

  /**
   * Puts changes back into the outbox, in one transaction with the place in the feed: whoever is ended between them would
   * not notice again. What is offered may make the feeds equal, so they are judged again at once.
   */
  async #offer(feed: string, offers: readonly Arrival[], move: (row: FeedRow) => FeedRow): Promise<string[]> {
    if (offers.length === 0) {
      await this.#putFeed(feed, move);
      return [];
    }
    const feeds = feedsOfOffers(offers);
    const moved = (it: FeedRow): FeedRow => (it.feed === feed ? move(it) : it);
    await this.#parts.store.arrive(offers, (it) => (feeds.has(it.feed) ? moveByOffer(moved(it)) : moved(it)), this.#parts.now());
    return offers.map((it) => it.change.after.id);
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

function differs({ change: { before, after }, arrived, offered }: Arrival): boolean {
  return !before || arrived.length + offered.length > 0 || low32(before.digest) !== low32(after.digest)
    || before.whole !== after.whole || before.stale !== after.stale || before.seen?.at !== after.seen?.at;
}

// One exchange at a time: requests until neither side has anything more to say.
// When to exchange is decided in `schedule.ts`; what frames mean, in the other files of this folder.

import { refusalOf } from '../../bridge/error.ts';
import type { Library } from '../documents/library.ts';
import { notUnderstood, offline, unreadableAnswer } from '../refusals.ts';
import type { Serial } from '../serial.ts';
import type { Directory, Enrolment, OutboxRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { Surroundings } from '../surroundings.ts';
import { DoorIndex } from './door-names.ts';
import { VERSION_NEWEST, type CompareFrame, type Shared, type Version } from './frames.ts';
import { gzip } from './gzip.ts';
import { postPack } from './http.ts';
import { PackReader } from './pack.ts';
import { Receiver, type Outcome } from './receiver.ts';
import { digestsOfParts } from './repair.ts';
import { composeRequest, type Request } from './request.ts';
import { readResponse, writeRequest } from './wire.ts';

/** A run that never comes to rest must stop somewhere; the next trigger goes on. */
const REQUESTS_MAX = 400;
/** How many bytes of changes one request tries: doubled after success, halved when the signal died under it. */
const BUDGET_BYTES_FIRST = 128 * 1024;
const BUDGET_BYTES_MIN = 2 * 1024;
const BUDGET_BYTES_MAX = 1024 * 1024;
/** What fails sooner never had a signal that could die under it: no reason to try less at once. */
const SIGNAL_MS_MIN = 500;
/** What a program that is older than this app answers. */
const VERSION_UNKNOWN = 'version_unknown';

export interface ExchangeParts {
  surroundings: Surroundings; store: Store; library: Library; writer: Serial;
  changed(documents: string[]): void;
  status(): void;
  people(directory: Directory): Promise<boolean>;
}

export class Exchange {
  /** Whole runs, and the requests they took, since the worker started. */
  readonly counters = { exchanges: 0, requests: 0 };
  readonly #parts: ExchangeParts;
  readonly #wants = new Set<string>();
  /** Stale documents asked for once; a server that does not answer is not asked again and again. */
  readonly #askedStale = new Set<string>();
  /** Documents offered again in this run because their feed did not list them. */
  #offered = new Set<string>();
  #sending: ReadonlySet<string> = new Set();
  #budgetBytes = BUDGET_BYTES_FIRST;
  /** What the program was found to speak. Asked anew when the app starts: the program may be newer by then. */
  #version: Version = VERSION_NEWEST;
  #stop = new AbortController();

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  /** Hashes of the changes that are on their way now. */
  get sending(): ReadonlySet<string> {
    return this.#sending;
  }

  /** Asks for these documents by name in the next request. */
  want(documents: readonly string[]): void {
    for (const document of documents) this.#wants.add(document);
  }

  /** Something written here waits to be sent, or a document is asked for. */
  pending(): boolean {
    return this.#wants.size > 0 || this.#parts.store.outbox().some((row) => row.state === 'waiting');
  }

  /** Breaks off the run in progress; nothing of it is stored any more. */
  halt(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#wants.clear();
    this.#askedStale.clear();
  }

  /** Runs until both sides are done. `everything` sends refused changes once more. Throws a `BridgeError` when cut off. */
  async run(enrolment: Enrolment, everything: boolean): Promise<void> {
    const { store } = this.#parts;
    const stop = this.#stop.signal;
    const tried = new Set<string>();
    this.#offered = new Set();
    let notice: string | undefined;
    for (let count = 0; count < REQUESTS_MAX; count++) {
      const request = await this.#compose(tried, everything);
      const outcome = await this.#ask(enrolment, request, stop);
      if (outcome === 'version_unknown') continue;
      for (const row of request.sent) tried.add(row.hash);
      // What has left the outbox may be put there again, and goes again then.
      const unsent = new Set(store.outbox().map((row) => row.hash));
      for (const hash of tried) if (!unsent.has(hash)) tried.delete(hash);
      // Behind a change that could not be read, what was asked for may not have been read either. That change is not
      // tried again in this run.
      const wasHeard = outcome.notice === undefined || request.sent.length === 0;
      for (const document of wasHeard ? request.wanted : []) this.#wants.delete(document);
      notice ??= outcome.notice;
      if (!outcome.more && !request.changes_left && !(await this.#hasMore(tried))) break;
    }
    this.counters.exchanges += 1;
    // Told only now, so that what could not be read holds up nothing else.
    if (notice !== undefined) throw notUnderstood(notice);
  }

  async #compose(tried: ReadonlySet<string>, everything: boolean): Promise<Request> {
    const { store, surroundings } = this.#parts;
    const directory = await store.meta('directory');
    const staleNow = await store.staleIds();
    // What has come whole since may fall behind again, and be asked for again.
    for (const document of this.#askedStale) if (!staleNow.includes(document)) this.#askedStale.delete(document);
    const stale = staleNow.filter((document) => !this.#askedStale.has(document));
    for (const document of stale) this.#askedStale.add(document);
    this.want(stale);
    return composeRequest({
      version: this.#version, comparisons: await this.#comparisons(),
      feeds: await store.feeds(), outbox: store.outbox().filter((row) => isReady(row, tried, everything)),
      wants: [...this.#wants], people_version: directory?.version ?? 0, clock_ms: surroundings.now(),
      app_version: surroundings.app_version, budget_bytes: this.#budgetBytes,
    });
  }

  async #comparisons(): Promise<CompareFrame[]> {
    const { store } = this.#parts;
    if (this.#version === 1) return [];
    const feeds = (await store.feeds()).filter((row) => row.compare);
    return Promise.all(feeds.map(async ({ feed }): Promise<CompareFrame> =>
      ({ frame: 'compare', feed, digests: digestsOfParts(await store.rowsOfFeed(feed)) })));
  }

  /** One request and all of its answer; `version_unknown` when the program is older than this app. */
  async #ask(enrolment: Enrolment, request: Request, stop: AbortSignal): Promise<Outcome | 'version_unknown'> {
    const { surroundings, status, store } = this.#parts;
    const shared = sharedBy(enrolment, request);
    const receiver = new Receiver({
      ...this.#parts, shared, compared: request.compared, offered: this.#offered, now: surroundings.now, stopped: () => stop.aborted,
    });
    this.#sending = new Set(shared.sent);
    status();
    this.counters.requests += 1;
    try {
      const rows = await store.documents(request.sent.flatMap((row) => row.door ?? []));
      const doors = new DoorIndex(shared.community, request.sent, rows);
      const pack = await gzip(await writeRequest(request.frames, shared, (document) => doors.of(document)));
      await this.#take(postPack(surroundings.fetch, enrolment.token, pack, stop), receiver, shared);
      // Without its last frame a response was cut off, however politely the stream ended.
      if (!receiver.outcome.complete || stop.aborted) throw offline();
      this.#budgetBytes = Math.min(this.#budgetBytes * 2, BUDGET_BYTES_MAX);
      await store.putMeta('exchange', { last_exchange_at: surroundings.now(), clock_error_ms: receiver.outcome.clock_error_ms });
      return receiver.outcome;
    } catch (error) {
      if (shared.version !== 1 && refusalOf(error).code === VERSION_UNKNOWN) {
        this.#version = 1;
        return VERSION_UNKNOWN;
      }
      const lasted = surroundings.now() - request.clock_ms;
      if (receiver.outcome.receipts < request.sent.length && lasted >= SIGNAL_MS_MIN) {
        this.#budgetBytes = Math.max(Math.floor(this.#budgetBytes / 2), BUDGET_BYTES_MIN);
      }
      throw error;
    } finally {
      this.#sending = new Set();
      status();
    }
  }

  /** Every frame that came whole is taken, whatever happens to the one behind it. */
  async #take(response: AsyncIterable<Uint8Array>, receiver: Receiver, shared: Shared): Promise<void> {
    const pack = new PackReader();
    try {
      for await (const bytes of response) {
        for (const items of understood(() => pack.push(bytes))) {
          const frames = await readResponse(items, shared).catch(() => {
            throw unreadableAnswer();
          });
          for (const frame of frames) await receiver.take(frame);
        }
      }
    } finally {
      await receiver.flush();
    }
  }

  async #hasMore(tried: ReadonlySet<string>): Promise<boolean> {
    const { store } = this.#parts;
    if (this.#wants.size > 0) return true;
    if (store.outbox().some((row) => isReady(row, tried, false))) return true;
    if (this.#version !== 1 && (await store.feeds()).some((row) => row.compare)) return true;
    return (await store.staleIds()).some((document) => !this.#askedStale.has(document));
  }
}

/** A change goes once per run; a refused one only when everything is sent. */
function isReady(row: OutboxRow, tried: ReadonlySet<string>, everything: boolean): boolean {
  return !tried.has(row.hash) && (everything || row.state === 'waiting');
}

function sharedBy({ identity }: Enrolment, request: Request): Shared {
  return {
    version: request.version, device: identity.device, community: identity.community.id, clock_ms: request.clock_ms,
    feeds: request.feeds, sent: request.sent.map((row) => row.hash),
  };
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw unreadableAnswer();
  }
}

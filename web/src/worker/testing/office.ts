// A small office in memory that speaks the protocol, so that phones can be tried without a server.
// It keeps changes, walks feeds and gives receipts; it judges nothing unless a test tells it to.

import { gunzipSync } from 'node:zlib';
import { concat, fromHex, type Bytes } from '../bytes.ts';
import { genesisOf } from '../documents/genesis.ts';
import type { Automerge, Content } from '../documents/library.ts';
import { summarise } from '../documents/summarise.ts';
import { documentDigest } from '../exchange/digest.ts';
import type { ChangeFrame, DocumentFrame, FeedFrame, Frame, Hello, HelloFeed, Receipt } from '../exchange/frames.ts';
import { FrameReader, writePack } from '../exchange/pack.ts';

interface Kept { hash: string; seq: number; device: string; bytes: Bytes }
interface Held { document: string; kind: string; feed: string; changes: Kept[] }
export interface Account { device: string; person: string; name: string; role: string; feeds: string[] }

/** Decides what becomes of a change; undefined: it is accepted. */
export type Judge = (change: ChangeFrame, hash: string) => Pick<Receipt, 'status' | 'reason'> | undefined;

export class Office {
  readonly documents = new Map<string, Held>();
  /** What was asked, request by request. */
  readonly requests: Frame[][] = [];
  judge: Judge = () => undefined;
  /** A change that the walk leaves out though its row tells of it, as a faulty server might. */
  leftOut: string | undefined;
  /** The document whose changes the office cannot read: they get a notice and no receipt. */
  unreadable: string | undefined;
  pageDocuments = 1000;
  serverTime = 1_800_000_000_000;
  readonly #automerge: Automerge;
  readonly #heads = new Map<string, number>();
  readonly #accounts = new Map<string, Account>();
  peopleVersion = 0;

  constructor(automerge: Automerge) {
    this.#automerge = automerge;
  }

  enrol(token: string, account: Account): void {
    this.#accounts.set(token, account);
    this.peopleVersion += 1;
  }

  /** Takes a change in without a phone, as an import or another device would. */
  put(document: string, kind: string, feed: string, device: string, bytes: Bytes): void {
    const held = this.documents.get(document) ?? { document, kind, feed, changes: [] };
    this.documents.set(document, held);
    const { hash } = this.#automerge.decodeChange(bytes);
    if (held.changes.some((change) => change.hash === hash)) return;
    const seq = (this.#heads.get(feed) ?? 0) + 1;
    this.#heads.set(feed, seq);
    held.changes.push({ hash, seq, device, bytes });
  }

  head(feed: string): number {
    return this.#heads.get(feed) ?? 0;
  }

  chunks(document: string): Bytes {
    return concat((this.documents.get(document)?.changes ?? []).map((change) => change.bytes));
  }

  open(document: string): Content {
    const held = this.documents.get(document);
    return this.#automerge.load<Content>(concat([genesisOf(held?.kind ?? '')?.bytes ?? new Uint8Array(), this.chunks(document)]));
  }

  /** Answers one exchange. */
  async answer(token: string, body: Uint8Array): Promise<Bytes> {
    const account = this.#accounts.get(token);
    if (!account) throw new Error('unknown token');
    const frames = new FrameReader().push(gunzipSync(body));
    this.requests.push(frames);
    const hello = frames[0] as Hello;
    const answer: Frame[] = [];
    for (const frame of frames) if (frame.frame === 'change' && frame.document !== this.unreadable) answer.push(this.#receipt(account, frame));
    if (this.unreadable !== undefined) answer.push({ frame: 'notice', reason: 'malformed' });
    for (const frame of frames) {
      const held = frame.frame === 'want' ? this.documents.get(frame.document) : undefined;
      if (held) answer.push({ ...await this.#frame(held), seq: 0, whole: true, bytes: this.chunks(held.document) });
    }
    if (hello.people !== this.peopleVersion) answer.push(this.#people(account));
    for (const feed of hello.feeds) answer.push(...await this.#walk(account, feed));
    answer.push({ frame: 'end', server_time: this.serverTime, signature: new Uint8Array(64) });
    return writePack(answer);
  }

  #receipt(account: Account, frame: ChangeFrame): Receipt {
    const { hash } = this.#automerge.decodeChange(frame.bytes);
    const prefix = hash.slice(0, 16);
    const verdict = this.judge(frame, hash);
    if (verdict) return { frame: 'receipt', prefix, seq: 0, ...verdict };
    this.put(frame.document, frame.kind, frame.feed, account.device, frame.bytes);
    const kept = this.documents.get(frame.document)?.changes.find((change) => change.hash === hash);
    return { frame: 'receipt', prefix, status: 'accepted', seq: kept?.seq ?? 0, reason: null };
  }

  #people(account: Account): Frame {
    const people = [...this.#accounts.values()].map((it) => ({ person: it.person, name: it.name, role: it.role, devices: [it.device] }));
    const feeds = account.feeds.map((feed) => ({ feed, name: '第一网格', kind: 'grid' as const }));
    return { frame: 'people', version: this.peopleVersion, people, feeds };
  }

  async #walk(account: Account, feed: HelloFeed): Promise<Frame[]> {
    const head = this.head(feed.feed);
    const history = feed.history === 0n ? BigInt(head) : feed.history;
    const entries = [...this.documents.values()].filter((held) => held.feed === feed.feed && newest(held) > feed.cursor)
      .sort((a, b) => newest(a) - newest(b));
    const page = entries.slice(0, this.pageDocuments);
    const frames: Frame[] = [];
    for (const held of page) {
      const frame = await this.#frame(held);
      if (BigInt(frame.seq) <= history) frames.push(frame);
      else {
        const fresh = held.changes.filter((change) => change.seq > feed.complete);
        const foreign = fresh.filter((change) => change.device !== account.device && change.hash !== this.leftOut);
        if (foreign.length === 0) continue;
        const whole = foreign.length === held.changes.length;
        frames.push({ ...frame, whole, bytes: concat(foreign.map((change) => change.bytes)) });
      }
    }
    const more = page.length < entries.length;
    const last = page.at(-1);
    const cursor = more && last ? newest(last) : Math.max(head, feed.cursor);
    return [...frames, { frame: 'feed', feed: feed.feed, cursor, digest: await this.digest(feed.feed), more, head } satisfies FeedFrame];
  }

  async digest(feed: string): Promise<bigint> {
    let sum = 0n;
    for (const held of this.documents.values()) {
      if (held.feed === feed) sum += await documentDigest(held.document, this.#automerge.getHeads(this.open(held.document) as never));
    }
    return BigInt.asUintN(64, sum);
  }

  async #frame(held: Held): Promise<DocumentFrame> {
    const document = this.open(held.document) as never;
    return {
      frame: 'document', document: held.document, kind: held.kind, feed: held.feed, seq: newest(held),
      heads: [...this.#automerge.getHeads(document)].sort(), summary: JSON.stringify(summarise(this.#automerge, document)),
      whole: false, bytes: fromHex(''),
    };
  }
}

function newest(held: Held): number {
  return held.changes.at(-1)?.seq ?? 0;
}

// A small office in memory that speaks the protocol, so that phones can be tried without a server.
// It keeps changes, walks feeds and gives receipts; it judges nothing unless a test tells it to.

import { constants, gunzipSync } from 'node:zlib';
import { BridgeError } from '../../bridge/error.ts';
import { concat, copy, fromHex, type Bytes } from '../bytes.ts';
import { genesisOf } from '../documents/genesis.ts';
import type { Automerge, Content } from '../documents/library.ts';
import { summarise } from '../documents/summarise.ts';
import { documentDigest } from '../exchange/digest.ts';
import type { ChangeFrame, DocumentFrame, Frame, Hello, Receipt, Version } from '../exchange/frames.ts';
import { PackReader, writePack } from '../exchange/pack.ts';
import { frameOf, itemsOf } from '../exchange/wire-one.ts';
import { readRescueFile } from '../rescue/file.ts';
import type { Summary } from '../summary.ts';
import { newest, type Account, type Held, type Kept } from './held.ts';
import { walkOne } from './office-one.ts';
import { compareTwo, walkTwo } from './office-two.ts';
import { COMMUNITY } from './phone.ts';
import { answerItems, readRequest, receiptRun, type Answer } from './wire-server.ts';

/** Decides what becomes of a change; undefined: it is accepted. */
export type Judge = (change: ChangeFrame, hash: string) => Pick<Receipt, 'status' | 'reason'> | undefined;

const GZIP_HEADER_BYTES = 10;
const UNKNOWN = { code: 'version_unknown', zh: '平台版本较旧', en: 'The program is older' };

export class Office {
  readonly documents = new Map<string, Held>();
  /** What was asked, request by request. */
  readonly requests: Frame[][] = [];
  /** What was answered, request by request. */
  readonly answers: Answer[][] = [];
  /** The newest version it understands; a hello of a newer one is refused. */
  speaks: Version = 2;
  /** Requests of a version that it does not speak. */
  refused = 0;
  /** Changes that came lean, over all requests. */
  leanChanges = 0;
  judge: Judge = () => undefined;
  /** A change that the walk leaves out though its row tells of it, as a faulty server might. */
  leftOut: string | undefined;
  /** The document whose changes the office cannot read: they get a notice and no receipt. */
  unreadable: string | undefined;
  /** With a change that it cannot read, the office loses what is asked for after it as well. */
  losesWants = false;
  pageDocuments = 1000;
  /** Rows in one frame. */
  rowsAtOnce = 64;
  /** Documents that it sends in one piece. */
  readonly compacted = new Set<string>();
  serverTime = 1_800_000_000_000;
  readonly #automerge: Automerge;
  readonly #heads = new Map<string, number>();
  readonly #accounts = new Map<string, Account>();
  readonly #rows = new Map<string, { row: DocumentFrame; changes: number }>();
  readonly #digests = new WeakMap<DocumentFrame, bigint>();
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

  /** Takes a rescue file in, as if its phone had sent it. Whether its seal is true is not looked at here. */
  rescue(file: Uint8Array): unknown {
    const { device, person, name, made_at, items, drafts } = readRescueFile(file);
    const lines = items.map(({ document, kind, feed, bytes, at, door, place }) => {
      const before = this.documents.get(document)?.changes.length;
      this.put(document, kind, feed, device, copy(bytes));
      const was_here = this.documents.get(document)?.changes.length === before;
      return { document, kind, at, door: door ?? undefined, place, status: 'accepted', was_here, seq: this.head(feed) };
    });
    return { device, person: { id: person, name }, made_at, items: lines, drafts: drafts.length, unreadable: 0 };
  }

  /** Its state now; called later, the office is as it was, and knows nothing of what came since. */
  backup(): () => void {
    const documents = structuredClone([...this.documents]);
    const heads = [...this.#heads];
    return () => {
      for (const rows of [this.documents, this.#heads, this.#rows]) rows.clear();
      for (const [id, held] of structuredClone(documents)) this.documents.set(id, held);
      for (const [feed, head] of heads) this.#heads.set(feed, head);
    };
  }

  head(feed: string): number {
    return this.#heads.get(feed) ?? 0;
  }

  ofFeed(feed: string): Held[] {
    return [...this.documents.values()].filter((held) => held.feed === feed);
  }

  /** Changes after this seq that the device did not make itself. */
  foreign(held: Held, account: Account, complete: number): Kept[] {
    return held.changes.filter((change) => change.seq > complete && change.device !== account.device && change.hash !== this.leftOut);
  }

  chunks(document: string): Bytes {
    if (this.compacted.has(document)) return copy(this.#automerge.save(this.open(document) as never));
    return concat((this.documents.get(document)?.changes ?? []).map((change) => change.bytes));
  }

  open(document: string): Content {
    const held = this.documents.get(document);
    return this.#load(held?.changes ?? [], held?.kind ?? '');
  }

  summary(changes: readonly Kept[], kind: string): Summary | null {
    return summarise(this.#automerge, this.#load(changes, kind) as never);
  }

  /** The row of a document; worked out once for each state of it. */
  documentFrame(held: Held): DocumentFrame {
    const known = this.#rows.get(held.document);
    if (known?.row.seq === newest(held) && known.changes === held.changes.length) return known.row;
    const row = this.#row(held);
    this.#rows.set(held.document, { row, changes: held.changes.length });
    return row;
  }

  #row(held: Held): DocumentFrame {
    const document = this.open(held.document) as never;
    return {
      frame: 'document', document: held.document, kind: held.kind, feed: held.feed, seq: newest(held),
      heads: [...this.#automerge.getHeads(document)].sort(), summary: JSON.stringify(summarise(this.#automerge, document)),
      whole: false, bytes: fromHex(''),
    };
  }

  /** Takes in what came of a request before the signal died; nobody hears an answer. */
  async takePart(token: string, begun: Uint8Array): Promise<void> {
    const account = this.#accounts.get(token);
    // Nothing can be inflated before the header of gzip is there.
    if (!account || begun.length < GZIP_HEADER_BYTES) return;
    const items = new PackReader().push(gunzipSync(begun, { finishFlush: constants.Z_SYNC_FLUSH }));
    if (items.length === 0) return;
    const { frames } = await readRequest(items, account.device, COMMUNITY);
    this.requests.push(frames);
    this.#receipts(account, frames, 2);
  }

  /** How often changes of this document came, from this request on. */
  sentSince(request: number, document: string): number {
    return this.requests.slice(request).flat().filter((frame) => frame.frame === 'change' && frame.document === document).length;
  }

  /** Answers one exchange. Throws the refusal of a version that it does not speak. */
  async answer(token: string, body: Uint8Array): Promise<Bytes> {
    const account = this.#accounts.get(token);
    if (!account) throw new Error('unknown token');
    const items = new PackReader().push(gunzipSync(body));
    const version = Number(items[0]?.[1]);
    if (version > this.speaks) {
      this.refused += 1;
      throw new BridgeError(UNKNOWN);
    }
    if (version === 1) {
      const frames = items.flatMap((it) => frameOf(it) ?? []);
      return writePack((await this.#answerTo(account, frames, 1) as Frame[]).map(itemsOf));
    }
    const { frames, shared, leanChanges } = await readRequest(items, account.device, COMMUNITY);
    this.leanChanges += leanChanges;
    const answer = await this.#answerTo(account, frames, 2);
    return writePack(await answerItems(answer, shared, [...this.#accounts.values()].map((it) => it.device)));
  }

  async #answerTo(account: Account, frames: Frame[], version: Version): Promise<Answer[]> {
    this.requests.push(frames);
    const hello = frames[0] as Hello;
    const answer: Answer[] = this.#receipts(account, frames, version);
    if (this.unreadable !== undefined) answer.push({ frame: 'notice', reason: 'malformed' });
    const losesWants = this.losesWants && frames.some((frame) => frame.frame === 'change' && frame.document === this.unreadable);
    for (const frame of losesWants ? [] : frames) {
      const held = frame.frame === 'want' ? this.documents.get(frame.document) : undefined;
      if (held) answer.push({ ...this.documentFrame(held), seq: 0, whole: true, bytes: this.chunks(held.document) });
    }
    if (hello.people !== this.peopleVersion) answer.push(this.#people(account));
    for (const feed of hello.feeds) {
      const compare = frames.find((frame) => frame.frame === 'compare' && frame.feed === feed.feed);
      if (version === 1) answer.push(...await walkOne(this, account, feed));
      else if (compare?.frame === 'compare') answer.push(...await compareTwo(this, account, feed, compare));
      else answer.push(...await walkTwo(this, account, feed));
    }
    const signature = version === 1 || answer.some((frame) => frame.frame.startsWith('receipt')) ? new Uint8Array(64) : null;
    answer.push({ frame: 'end', server_time: this.serverTime, signature });
    this.answers.push(answer);
    return answer;
  }

  /** One for each change; in version 2 one for all, when all were read and accepted and follow each other. */
  #receipts(account: Account, frames: readonly Frame[], version: Version): Answer[] {
    const changes = frames.filter((frame) => frame.frame === 'change');
    const receipts = changes.filter((frame) => frame.document !== this.unreadable).map((frame) => this.#receipt(account, frame));
    const runs = receipts.every((receipt, at) => receipt.status === 'accepted' && receipt.seq === (receipts[0]?.seq ?? 0) + at);
    const [first] = receipts;
    if (version === 1 || !first || !runs || receipts.length < changes.length || new Set(changes.map((it) => it.feed)).size > 1) return receipts;
    return [receiptRun(0, changes.map((frame) => this.#automerge.decodeChange(frame.bytes).hash), first.seq)];
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

  async digestOf(held: Held): Promise<bigint> {
    const row = this.documentFrame(held);
    const digest = this.#digests.get(row) ?? await documentDigest(row.document, row.heads);
    this.#digests.set(row, digest);
    return digest;
  }

  async digest(feed: string): Promise<bigint> {
    let sum = 0n;
    for (const held of this.ofFeed(feed)) sum += await this.digestOf(held);
    return BigInt.asUintN(64, sum);
  }

  #load(changes: readonly Kept[], kind: string): Content {
    const bytes = concat([genesisOf(kind)?.bytes ?? new Uint8Array(), ...changes.map((change) => change.bytes)]);
    return this.#automerge.load<Content>(bytes);
  }
}

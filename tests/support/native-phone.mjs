// A phone without a screen, in Node: enrols, writes visits with the npm library of Automerge, and exchanges packs.
// Written from docs/PROTOCOL.md, for tests that need another phone than the browser's.

import { readFileSync } from 'node:fs';
import { createHash, randomUUID, verify, createPublicKey } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as Automerge from '@automerge/automerge';
import { FRAME, STATUS, hex, idBytes, idText, readPack, writePack } from './pack.mjs';

const genesis = JSON.parse(readFileSync(new URL('../fixtures/genesis.json', import.meta.url), 'utf8'));
/** The old client of these tests: the program must go on speaking to phones that have not fetched the new app. */
const VERSION = 1;
const HISTORY_ALL = 0xffff_ffff_ffff_ffffn;

/** The first change of a kind. @param {string} kind */
export function genesisBytes(kind) {
  return new Uint8Array(Buffer.from(genesis[kind].hex, 'hex'));
}

/** @param {string} kind */
export function genesisHash(kind) {
  return /** @type {string} */ (genesis[kind].hash);
}

/** A document of a kind that holds only its genesis. @param {string} kind @param {string} actor hex */
export function newDocument(kind, actor) {
  const [document] = Automerge.applyChanges(Automerge.init({ actor }), [genesisBytes(kind)]);
  return /** @type {Automerge.Doc<any>} */ (document);
}

/**
 * @typedef {{ document: string, kind: string, feed: string, bytes: Uint8Array }} Change
 * @typedef {{ prefix: string, status: string, seq: number, reason: string | null }} Receipt
 * @typedef {{ document: string, kind: string, feed: string, seq: number, heads: string[], summary: any, whole: boolean, bytes: Uint8Array }} Row
 */

export class NativePhone {
  /** @param {string} url @param {any} enrolment what the server answered */
  constructor(url, enrolment) {
    this.url = url;
    this.device = /** @type {string} */ (enrolment.device);
    this.token = /** @type {string} */ (enrolment.token);
    this.person = /** @type {{ id: string, name: string, role: string }} */ (enrolment.person);
    this.feeds = /** @type {{ feed: string, name: string, kind: string }[]} */ (enrolment.feeds);
    this.serverKey = /** @type {string} */ (enrolment.server_key);
  }

  /** @param {string} url the program's address @param {string} link with `#enrol=CODE` */
  static async enrol(url, link) {
    const code = new URL(link).hash.replace('#enrol=', '');
    const response = await fetch(`${url}/api/enrol`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ code }),
    });
    if (!response.ok) throw new Error(await response.text());
    return new NativePhone(url, await response.json());
  }

  /** This device's actor. A slot stands for a tab. */
  actor(slot = 0) {
    return hex(idBytes(this.device)) + slot.toString(16).padStart(2, '0');
  }

  /** The grid whose doors this person walks. */
  get grid() {
    const grid = this.feeds.find((feed) => feed.kind === 'grid');
    if (!grid) throw new Error(`${this.person.name} has no grid`);
    return grid.feed;
  }

  /**
   * A new visit as one change. @param {{ door: string, note: string, at?: number, document?: string, outcome?: string }} visit
   * @returns {Change & { document: string, content: Automerge.Doc<any> }}
   */
  newVisit({ door, note, at = Date.now(), document = randomUUID(), outcome = 'met' }) {
    const before = newDocument('visit', this.actor());
    const content = Automerge.change(before, { time: at }, (visit) => {
      visit.door = new Automerge.ImmutableString(door);
      visit.at = at;
      visit.by = new Automerge.ImmutableString(this.person.id);
      visit.purpose = new Automerge.ImmutableString('routine');
      visit.outcome = new Automerge.ImmutableString(outcome);
      Automerge.updateText(visit, ['note'], note);
    });
    const bytes = Automerge.getLastLocalChange(content);
    if (!bytes) throw new Error('a new visit is a change');
    return { document, kind: 'visit', feed: this.grid, bytes, content };
  }

  /**
   * One exchange. @param {{ changes?: Change[], wants?: string[], cursors?: Record<string, number>, history?: bigint, version?: number, token?: string }} [asked]
   */
  async exchange({ changes = [], wants = [], cursors, history = 0n, version = VERSION, token = this.token } = {}) {
    const feeds = Object.entries(cursors ?? {}).map(([feed, cursor]) => [idBytes(feed), cursor, 0n, history]);
    const request = writePack([
      [FRAME.hello, version, Date.now(), feeds, 0, 'tests'],
      ...changes.map((change) => [FRAME.change, idBytes(change.document), change.kind, idBytes(change.feed), change.bytes]),
      ...wants.map((document) => [FRAME.want, idBytes(document)]),
    ]);
    const response = await fetch(`${this.url}/api/sync`, {
      method: 'POST', body: gzipSync(request),
      headers: {
        Authorization: `Bearer ${token}`, 'Content-Type': 'application/x-stairwell-pack', 'Content-Encoding': 'gzip',
      },
    });
    const body = new Uint8Array(await response.arrayBuffer());
    return new Answer(response.status, body, this);
  }

  /** A document as the server holds it. @param {string} document */
  async fetchDocument(document) {
    const answer = await this.exchange({ wants: [document] });
    const row = answer.documents.find((each) => each.document === document);
    if (!row) throw new Error(`the server did not send ${document}`);
    return { row, content: openChunks(row.kind, row.bytes) };
  }

  /** Every row of the feeds this person has: summaries only. */
  async allRows() {
    /** @type {Row[]} */
    const rows = [];
    const cursors = Object.fromEntries(this.feeds.map((feed) => [feed.feed, 0]));
    for (;;) {
      const answer = await this.exchange({ cursors, history: HISTORY_ALL });
      rows.push(...answer.documents);
      for (const feed of answer.feeds) cursors[feed.feed] = feed.cursor;
      if (!answer.feeds.some((feed) => feed.more)) return rows;
    }
  }
}

/** What the server answered to one exchange. */
export class Answer {
  /** @param {number} status @param {Uint8Array} body @param {NativePhone} phone */
  constructor(status, body, phone) {
    this.status = status;
    this.phone = phone;
    this.refusal = status === 200 ? undefined : JSON.parse(Buffer.from(body).toString('utf8')).error;
    this.frames = status === 200 ? readPack(body) : [];
  }

  /** @returns {Receipt[]} */
  get receipts() {
    return this.of(FRAME.receipt).map(([prefix, status, seq, reason]) => (
      { prefix: hex(prefix), status: STATUS[status] ?? 'refused', seq, reason: reason ?? null }
    ));
  }

  /** @returns {Row[]} */
  get documents() {
    return this.of(FRAME.document).map(([document, kind, feed, seq, heads, summary, whole, bytes]) => ({
      document: idText(document), kind, feed: idText(feed), seq, whole, bytes,
      heads: hex(heads).match(/.{64}/g) ?? [], summary: summary === null ? null : JSON.parse(summary),
    }));
  }

  get feeds() {
    return this.of(FRAME.feed).map(([feed, cursor, digest, more, head]) => (
      { feed: idText(feed), cursor: Number(cursor), digest: BigInt(digest), more: Boolean(more), head: Number(head) }
    ));
  }

  /** Whether the receipts were signed by the key that the enrolment gave. */
  signatureHolds() {
    const [time, signature] = this.of(FRAME.end)[0] ?? [];
    if (signature === undefined) return false;
    const said = createHash('sha256').update('stairwell receipts 1').update(idBytes(this.phone.device));
    const at = Buffer.alloc(8);
    at.writeBigUInt64BE(BigInt(time));
    said.update(at);
    for (const frame of this.frames) if (frame.number === FRAME.receipt) said.update(frame.bytes);
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(this.phone.serverKey, 'hex')]);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return verify(null, said.digest(), key, Buffer.from(signature));
  }

  /** @param {number} number */
  of(number) {
    return this.frames.filter((frame) => frame.number === number).map((frame) => frame.items);
  }
}

/**
 * Opens concatenated chunks as the npm library does; the genesis need not be among them.
 * @param {string} kind @param {Uint8Array} chunks
 * @returns {Automerge.Doc<any>}
 */
export function openChunks(kind, chunks) {
  const known = genesis[kind] ? [genesisBytes(kind)] : [];
  return Automerge.loadIncremental(Automerge.init(), Buffer.concat([...known, chunks]));
}

// The rescue file (PROTOCOL.md part 7): what this phone could not send, as bytes that any other device may carry.
// Bytes and back. What goes into it is said by `rescue.ts` of the engine.

import { decode, encode } from 'cborg';
import { concat, idToBytes, sha256, toHex, type Bytes } from '../bytes.ts';
import { id, list, text, whole, bytesOf } from '../exchange/items.ts';
import { readNumber, writeNumber } from '../leb128.ts';
import { damagedFile, newerFile, notARescueFile } from '../refusals.ts';

const BEGINNING = 'stairwell rescue ';
const FIRST_LINE = `${BEGINNING}1\n`;
const SEAL_BYTES = 32;
const HEAD = 8;
const CHANGE = 1;
const DRAFT = 9;
const VERSION = 1;

export interface RescueHead { device: string; person: string; name: string; community: string; made_at: number; app: string }
export interface RescueItem {
  document: string; kind: string; feed: string; bytes: Uint8Array; at: number; door: string | null; place: string;
}
export interface RescueDraft {
  door: string; visit: string | null; place: string; started_at: number; changed_at: number;
  purpose: string; outcome: string; note: string; checks: [string, string][]; met: string[];
}
export interface RescueContents extends RescueHead { items: RescueItem[]; drafts: RescueDraft[] }

/** A whole file. `words` are what a person sees who opens it as text. */
export async function writeRescueFile(contents: RescueContents, words: string, token: string): Promise<Bytes> {
  const utf8 = new TextEncoder();
  const frames = [headItems(contents), ...contents.items.map(changeItems), ...contents.drafts.map(draftItems)].map((items) => encode(items));
  const file = concat([
    // A zero byte ends the words.
    utf8.encode(FIRST_LINE + words.replaceAll('\0', '')), Uint8Array.of(0),
    ...frames.flatMap((bytes) => [writeNumber(bytes.length), bytes]),
  ]);
  return concat([file, await seal(file, token)]);
}

/** What a file says. Whether that is true only the office can tell. Throws a `BridgeError` when it is none, or damaged. */
export function readRescueFile(file: Uint8Array): RescueContents {
  const beginning = new TextDecoder('latin1').decode(file.subarray(0, FIRST_LINE.length));
  if (!beginning.startsWith(BEGINNING)) throw notARescueFile();
  if (beginning !== FIRST_LINE) throw newerFile();
  try {
    return contentsOf(framesOf(file));
  } catch {
    throw damagedFile();
  }
}

/** Names a file, so that the same one taken twice is one. */
export async function nameOf(file: Uint8Array): Promise<string> {
  return toHex(await sha256(file));
}

function framesOf(file: Uint8Array): unknown[][] {
  const begin = file.indexOf(0) + 1;
  const rest = file.subarray(begin, file.length - SEAL_BYTES);
  if (begin === 0 || file.length < begin + SEAL_BYTES) throw new TypeError('cut off');
  const frames: unknown[][] = [];
  for (let at = 0; at < rest.length;) {
    const length = readNumber(rest, at);
    if (!length || length.next + length.value > rest.length) throw new TypeError('cut off');
    frames.push(list(decode(rest.subarray(length.next, length.next + length.value))));
    at = length.next + length.value;
  }
  return frames;
}

function contentsOf([head, ...rest]: unknown[][]): RescueContents {
  if (!head || head[0] !== HEAD || head[1] !== VERSION) throw new TypeError('no head');
  return {
    device: id(head[2]), person: id(head[3]), name: text(head[4]), community: id(head[5]), made_at: whole(head[6]), app: text(head[7]),
    items: rest.filter((it) => it[0] === CHANGE).map(readChange),
    drafts: rest.filter((it) => it[0] === DRAFT).map(readDraft),
  };
}

function headItems(head: RescueHead): unknown[] {
  return [HEAD, VERSION, idToBytes(head.device), idToBytes(head.person), head.name, idToBytes(head.community), head.made_at, head.app];
}

function changeItems(it: RescueItem): unknown[] {
  return [CHANGE, idToBytes(it.document), it.kind, idToBytes(it.feed), it.bytes, it.at, idOrNull(it.door), it.place];
}

function readChange(it: readonly unknown[]): RescueItem {
  return {
    document: id(it[1]), kind: text(it[2]), feed: id(it[3]), bytes: bytesOf(it[4]), at: whole(it[5]),
    door: it[6] === null ? null : id(it[6]), place: text(it[7]),
  };
}

function draftItems(it: RescueDraft): unknown[] {
  return [DRAFT, idToBytes(it.door), idOrNull(it.visit), it.place, it.started_at, it.changed_at, it.purpose, it.outcome, it.note,
    it.checks, it.met.map(idToBytes)];
}

function readDraft(it: readonly unknown[]): RescueDraft {
  return {
    door: id(it[1]), visit: it[2] === null ? null : id(it[2]), place: text(it[3]), started_at: whole(it[4]), changed_at: whole(it[5]),
    purpose: text(it[6]), outcome: text(it[7]), note: text(it[8]),
    checks: list(it[9]).map((check): [string, string] => [text(list(check)[0]), text(list(check)[1])]), met: list(it[10]).map(id),
  };
}

function idOrNull(value: string | null): Bytes | null {
  return value === null ? null : idToBytes(value);
}

/** The office holds the SHA-256 of the token, and so the key; nobody else does. */
async function seal(file: Bytes, token: string): Promise<Bytes> {
  const key = await sha256(new TextEncoder().encode(token));
  const hmac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', hmac, file));
}

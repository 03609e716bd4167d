// Lean changes: a change chunk without what both sides know (PROTOCOL.md part 4), in both directions.
// What was left out is put back, and the bytes come out as they were; whoever writes makes sure of that here.

import { concat, fromHex, idFromBytes, idToBytes, toHex, type Bytes } from '../bytes.ts';
import { changeFrom, partsOfChange, type ChangeParts, type PlainChange } from '../documents/chunks.ts';
import { doorId, residentId } from '../ids.ts';
import { readNumber, writeNumber } from '../leb128.ts';

const ON_GENESIS = 1;
const ON_PREVIOUS = 2;
const PREFIXES = 4;
const OWN_ACTOR = 8;
const OF_DOOR = 16;

const WHOLE_ID = 0;
const DOOR = 1;
const RESIDENT = 2;

const HASH_BYTES = 32;
const PREFIX_BYTES = 4;
const ID_BYTES = 16;
const UUID_TEXT = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** One character for each byte, so that places in the text are places in the bytes. */
const byteForByte = new TextDecoder('latin1');

/** What both sides know of the place where a change stands. */
export interface LeanPlace {
  /** The device whose token the request carries, in answers too. */
  device: string;
  community: string;
  /** The genesis of the document's kind. */
  genesis: string | undefined;
  /** The change before: of the same document in a request, in the list of a piece of news. */
  previous: string | undefined;
}

/** The names of a door and its residents, each found to make the id it is for. */
export interface DoorNames { id: string; name: string; resident(id: string): Promise<string | undefined> }
export interface LeanWriting extends LeanPlace {
  door?: DoorNames | undefined;
  /** True for a hash that the reader finds by its first 4 bytes. */
  isHead?(hash: string): boolean;
}
export interface LeanReading extends LeanPlace {
  /** The hash with these first 4 bytes (as hex), if there is exactly one. */
  find?(prefix: string): string | undefined;
}

/** The lean bytes of a change; undefined when they would not give this very chunk back. */
export async function writeLean(chunk: Uint8Array, writing: LeanWriting): Promise<Bytes | undefined> {
  const parts = partsOfChange(chunk);
  if (!parts) return undefined;
  const lean = await leanBytes(parts, writing);
  const find = (prefix: string): string | undefined => parts.deps.find((hash) => hash.startsWith(prefix));
  const back = await readLean(lean, { ...writing, find }).catch(() => undefined);
  return back && toHex(back.bytes) === toHex(chunk) ? lean : undefined;
}

async function leanBytes(parts: ChangeParts, writing: LeanWriting): Promise<Bytes> {
  const { deps, actor, rest } = parts;
  const pieces = await piecesOf(rest, writing.door);
  const [only] = deps;
  let flags = 0;
  if (deps.length === 1 && only === writing.genesis) flags |= ON_GENESIS;
  else if (deps.length === 1 && only === writing.previous) flags |= ON_PREVIOUS;
  else if (writing.isHead && deps.every(writing.isHead)) flags |= PREFIXES;
  if (toHex(actor) === ownActor(writing.device)) flags |= OWN_ACTOR;
  if (pieces.speaksOfDoor) flags |= OF_DOOR;
  const head: Uint8Array[] = [new Uint8Array([flags])];
  if ((flags & (ON_GENESIS | ON_PREVIOUS)) === 0) {
    const bytes = flags & PREFIXES ? PREFIX_BYTES : HASH_BYTES;
    head.push(writeNumber(deps.length), ...deps.map((hash) => fromHex(hash).subarray(0, bytes)));
  }
  if ((flags & OWN_ACTOR) === 0) head.push(writeNumber(actor.length), actor);
  if (flags & OF_DOOR) head.push(...sized(utf8.encode(writing.door?.name ?? '')));
  return concat([...head, ...pieces.bytes]);
}

/** The rest of the body with each id in its shortest form. */
async function piecesOf(rest: Uint8Array, door: DoorNames | undefined): Promise<{ bytes: Uint8Array[]; speaksOfDoor: boolean }> {
  const bytes: Uint8Array[] = [];
  let speaksOfDoor = false;
  let from = 0;
  for (const found of byteForByte.decode(rest).matchAll(UUID_TEXT)) {
    const [id] = found;
    const resident = id === door?.id ? undefined : await door?.resident(id);
    bytes.push(...sized(rest.subarray(from, found.index)));
    if (id === door?.id) bytes.push(new Uint8Array([DOOR]));
    else if (resident !== undefined) bytes.push(new Uint8Array([RESIDENT]), ...sized(utf8.encode(resident)));
    else bytes.push(new Uint8Array([WHOLE_ID]), idToBytes(id));
    speaksOfDoor ||= id === door?.id || resident !== undefined;
    from = found.index + id.length;
  }
  if (from < rest.length) bytes.push(...sized(rest.subarray(from)));
  return { bytes, speaksOfDoor };
}

/** The change that was written like this. Throws when something in it is not known here. */
export async function readLean(lean: Uint8Array, reading: LeanReading): Promise<PlainChange> {
  const bytes = new Reader(lean);
  const flags = bytes.byte();
  const deps = readDeps(bytes, flags, reading);
  const actor = flags & OWN_ACTOR ? fromHex(ownActor(reading.device)) : bytes.sized();
  const door = flags & OF_DOOR ? await doorId(reading.community, bytes.text()) : undefined;
  const rest: Uint8Array[] = [];
  while (!bytes.ended()) {
    rest.push(bytes.sized());
    if (!bytes.ended()) rest.push(utf8.encode(await readReference(bytes, door)));
  }
  return changeFrom({ deps, actor: concat([actor]), rest: concat(rest) });
}

function readDeps(bytes: Reader, flags: number, { genesis, previous, find }: LeanReading): string[] {
  if (flags & ON_GENESIS) return [known(genesis)];
  if (flags & ON_PREVIOUS) return [known(previous)];
  const count = bytes.number();
  const deps: string[] = [];
  for (let left = count; left > 0; left--) {
    deps.push(flags & PREFIXES ? known(find?.(toHex(bytes.take(PREFIX_BYTES)))) : toHex(bytes.take(HASH_BYTES)));
  }
  return deps;
}

async function readReference(bytes: Reader, door: string | undefined): Promise<string> {
  switch (bytes.byte()) {
    case WHOLE_ID:
      return idFromBytes(bytes.take(ID_BYTES));
    case DOOR:
      return known(door);
    case RESIDENT:
      return residentId(known(door), bytes.text());
    default:
      throw new TypeError('an unknown reference');
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a lean change speaks of something that is not here');
  return value;
}

function ownActor(device: string): string {
  return `${toHex(idToBytes(device))}00`;
}

function sized(bytes: Uint8Array): Uint8Array[] {
  return [writeNumber(bytes.length), bytes];
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  number(): number {
    const number = known(readNumber(this.#bytes, this.#at));
    this.#at = number.next;
    return number.value;
  }

  sized(): Uint8Array {
    return this.take(this.number());
  }

  text(): string {
    return strictUtf8.decode(this.sized());
  }

  take(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new TypeError('a lean change is cut off');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

// A pack: frames one after another, each a CBOR array with its LEB128 length before it. Written at once, read as the
// bytes come in. What the items mean is in `wire-one.ts` and `wire-two.ts`.

import { decode, encode } from 'cborg';
import { concat, type Bytes } from '../bytes.ts';
import { readNumber, writeNumber } from '../leb128.ts';

/** A response frame holds at most one whole document, or some rows; more than this is not a pack. */
const FRAME_BYTES_MAX = 32 << 20;

/** Each frame as its items, the number first. */
export function writePack(frames: readonly (readonly unknown[])[]): Bytes {
  return concat(frames.flatMap((items) => {
    const bytes = encode(items);
    return [writeNumber(bytes.length), bytes];
  }));
}

/** Takes bytes as they arrive and gives the frames that are complete. What was cut off is simply never given. */
export class PackReader {
  #rest: Uint8Array = new Uint8Array();

  /** The items of the frames completed by these bytes, in order. Throws when they are not a pack. */
  push(bytes: Uint8Array): unknown[][] {
    this.#rest = this.#rest.length === 0 ? bytes : concat([this.#rest, bytes]);
    const frames: unknown[][] = [];
    for (;;) {
      const length = readNumber(this.#rest, 0);
      if (length && length.value > FRAME_BYTES_MAX) throw new TypeError('a frame is too long');
      if (!length || this.#rest.length < length.next + length.value) return frames;
      const items: unknown = decode(this.#rest.subarray(length.next, length.next + length.value));
      this.#rest = this.#rest.subarray(length.next + length.value);
      if (!Array.isArray(items)) throw new TypeError('a frame is an array');
      frames.push(items);
    }
  }
}

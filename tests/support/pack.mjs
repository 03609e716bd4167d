// Packs and frames, written from docs/PROTOCOL.md part 4 alone, so that the tests read and write the wire with
// other eyes than the app's and the server's. Bytes in, arrays out; nothing is interpreted here.

import { decode, encode } from 'cborg';

/** The numbers of the frames these tests use. */
export const FRAME = { hello: 0, change: 1, want: 2, receipt: 16, document: 17, feed: 18, people: 19, end: 20 };
/** Receipt statuses by their number. */
export const STATUS = ['accepted', 'held', 'refused'];

/** @param {readonly unknown[][]} frames number first, then the items */
export function writePack(frames) {
  return Buffer.concat(frames.map((frame) => {
    const bytes = encode(frame);
    return Buffer.concat([leb128(bytes.length), bytes]);
  }));
}

/**
 * Frames in order, each with the bytes it was read from. What is cut off at the end is left out, as a phone does.
 * @param {Uint8Array} pack
 * @returns {{ number: number, items: any[], bytes: Uint8Array }[]}
 */
export function readPack(pack) {
  const frames = [];
  let at = 0;
  while (at < pack.length) {
    let length = 0;
    let factor = 1;
    let byte;
    do {
      byte = pack[at];
      if (byte === undefined) return frames;
      at += 1;
      length += (byte & 0x7f) * factor;
      factor *= 128;
    } while (byte & 0x80);
    if (at + length > pack.length) return frames;
    const bytes = pack.subarray(at, at + length);
    const [number, ...items] = decode(bytes);
    frames.push({ number, items, bytes });
    at += length;
  }
  return frames;
}

/** @param {number} value */
function leb128(value) {
  const bytes = [];
  let rest = value;
  do {
    bytes.push(rest >= 128 ? (rest % 128) | 0x80 : rest);
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** @param {string} id UUID text */
export function idBytes(id) {
  return new Uint8Array(Buffer.from(id.replaceAll('-', ''), 'hex'));
}

/** @param {Uint8Array} bytes 16 of them */
export function idText(bytes) {
  return Buffer.from(bytes).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return Buffer.from(bytes).toString('hex');
}

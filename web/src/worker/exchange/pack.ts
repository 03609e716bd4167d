// A pack: frames one after another, each with its LEB128 length. Written at once, read as the bytes come in.

import { concat, type Bytes } from '../bytes.ts';
import { decodeFrame, encodeFrame, type Frame } from './frames.ts';

/** A response frame holds at most one whole document; more than this is not a pack. */
const FRAME_BYTES_MAX = 32 << 20;

export function writePack(frames: readonly Frame[]): Bytes {
  return concat(frames.flatMap((frame) => {
    const bytes = encodeFrame(frame);
    return [lengthOf(bytes.length), bytes];
  }));
}

function lengthOf(value: number): Bytes {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
  return new Uint8Array(bytes);
}

/** Takes bytes as they arrive and gives the frames that are complete. What was cut off is simply never given. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array();

  /** The frames completed by these bytes, in order. Throws when they are not a pack. */
  push(bytes: Uint8Array): Frame[] {
    this.#rest = this.#rest.length === 0 ? bytes : concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    for (;;) {
      const length = this.#readLength();
      if (!length || this.#rest.length < length.value + length.size) return frames;
      const frame = decodeFrame(this.#rest.subarray(length.size, length.size + length.value));
      this.#rest = this.#rest.subarray(length.size + length.value);
      if (frame) frames.push(frame);
    }
  }

  #readLength(): { value: number; size: number } | null {
    let value = 0;
    for (let size = 0; size < 5; size++) {
      const byte = this.#rest[size];
      if (byte === undefined) return null;
      value += (byte & 0x7f) * 2 ** (7 * size);
      if (value > FRAME_BYTES_MAX) throw new TypeError('a frame is too long');
      if (byte < 0x80) return { value, size: size + 1 };
    }
    throw new TypeError('a length is too long');
  }
}

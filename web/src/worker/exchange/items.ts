// Reading the items of a frame: each must be what the protocol says, or the frame is refused. No frame is known here.

import { idFromBytes, type Bytes } from '../bytes.ts';

export function id(value: unknown): string {
  return idFromBytes(bytesOf(value));
}

export function whole(value: unknown): number {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new TypeError('not a whole number');
  return value;
}

export function long(value: unknown): bigint {
  if (typeof value !== 'bigint' && !Number.isInteger(value)) throw new TypeError('not a whole number');
  return BigInt.asUintN(64, BigInt(value as number | bigint));
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not text');
  return value;
}

export function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError('not true or false');
  return value;
}

export function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError('not a list');
  return value;
}

export function bytesOf(value: unknown): Bytes {
  if (!(value instanceof Uint8Array)) throw new TypeError('not bytes');
  return value as Bytes;
}

/** Pieces of one size, concatenated. */
export function pieces(value: unknown, size: number): Bytes[] {
  const bytes = bytesOf(value);
  if (bytes.length % size !== 0) throw new TypeError(`not a multiple of ${size} bytes`);
  return Array.from({ length: bytes.length / size }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

/** Whole numbers, each written as difference to the one before, the first to 0. */
export function running(value: unknown): number[] {
  let last = 0;
  return list(value).map((step) => (last += whole(step)));
}

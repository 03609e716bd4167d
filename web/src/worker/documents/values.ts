// Reading plain values out of a document, the same way on phone and server: what is odd reads as absent.

import type { Content } from './library.ts';

/** The beginning of a text that a summary holds, in Unicode scalar values. */
const SUMMARY_TEXT_CHARS = 200;

/** A map of the document. Automerge gives maps as plain objects and every scalar that is an object as a class. */
export function mapOf(value: unknown): Content | undefined {
  const plain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return plain ? (value as Content) : undefined;
}

/** A scalar string; Automerge gives those as objects, and Text as plain strings. */
export function scalarText(value: unknown): string {
  return typeof value === 'object' && value !== null && isImmutable(value) ? value.val : '';
}

export function prose(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A whole number that both sides hold exactly. */
export function integer(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

export function id(value: unknown): string | undefined {
  return parseId(scalarText(value));
}

/** Ids are lower-case with hyphens; anything else is no id. */
export function parseId(text: string): string | undefined {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text) ? text : undefined;
}

/** The members of a set: the keys that are mapped to true, sorted. */
export function members(value: unknown): string[] {
  const map = mapOf(value) ?? {};
  return sorted(Object.keys(map).filter((key) => map[key] === true));
}

/** The entries that are maps themselves. */
export function maps(value: unknown): [string, Content][] {
  return Object.entries(mapOf(value) ?? {}).flatMap(([key, entry]) => {
    const map = mapOf(entry);
    return map ? [[key, map] as [string, Content]] : [];
  });
}

export function beginning(text: string): string {
  return text.length <= SUMMARY_TEXT_CHARS ? text : [...text].slice(0, SUMMARY_TEXT_CHARS).join('');
}

export function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Sorted as the server sorts: by code points, not by UTF-16 units. */
export function sorted(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(byCodePoint);
}

export function byCodePoint(left: string, right: string): number {
  const a = left[Symbol.iterator]();
  const b = right[Symbol.iterator]();
  for (;;) {
    const [x, y] = [a.next(), b.next()];
    if (x.done || y.done) return Number(y.done ?? false) - Number(x.done ?? false);
    if (x.value !== y.value) return (x.value.codePointAt(0) ?? 0) - (y.value.codePointAt(0) ?? 0);
  }
}

/** The same object without keys that say nothing. */
export function filled<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => !isEmpty(entry))) as T;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isImmutable(value: object): value is { val: string } {
  return 'val' in value && typeof value.val === 'string' && Symbol.for('_am_immutableString') in value;
}

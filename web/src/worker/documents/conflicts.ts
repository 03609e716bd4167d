// Which fields hold more than one value, and which values.

import type { Automerge, Content, Document } from './library.ts';
import { mapOf, scalarText, sorted } from './values.ts';

/** One of the values a field holds. `operation` names who wrote it: `counter@actor`. */
export interface FieldValue { operation: string; value: unknown }

/**
 * The paths, with slashes and sorted, of the scalar fields that hold different values written at the same time.
 * Two people who wrote the same value did not disagree.
 */
export function conflictPaths(automerge: Automerge, document: Document): string[] {
  const found: string[] = [];
  collect(automerge, document, '', found);
  return sorted(found);
}

function collect(automerge: Automerge, map: Content, prefix: string, found: string[]): void {
  for (const [key, value] of Object.entries(map)) {
    const inner = mapOf(value);
    if (inner) collect(automerge, inner, `${prefix}${key}/`, found);
    else if (isScalar(value) && disagree(fieldValues(automerge, map, key))) found.push(prefix + key);
  }
}

/** Every value of one field of a map, the shown one first. */
export function fieldValues(automerge: Automerge, map: Content, key: string): FieldValue[] {
  const all = automerge.getConflicts(map as Document, key) ?? {};
  return Object.entries(all)
    .map(([operation, value]) => ({ operation, value: value as unknown }))
    .sort((a, b) => compareOperations(b.operation, a.operation));
}

/** A value as people are shown it, and as they name it when they choose. */
export function shownValue(value: unknown): string {
  return typeof value === 'object' && value !== null ? scalarText(value) : String(value);
}

/** The map that holds a field, and the field's key there. */
export function locate(document: Content, path: string): { map: Content; key: string } | undefined {
  const keys = path.split('/');
  const key = keys.pop() ?? '';
  let map: Content | undefined = document;
  for (const step of keys) map = map && mapOf(map[step]);
  return map && { map, key };
}

/** Automerge's own order: the highest counter wins, then the highest actor. */
function compareOperations(left: string, right: string): number {
  const [a, b] = [left.split('@'), right.split('@')];
  return Number(a[0]) - Number(b[0]) || ((a[1] ?? '') < (b[1] ?? '') ? -1 : 1);
}

function disagree(values: readonly FieldValue[]): boolean {
  const [first, ...others] = values.map((it) => comparable(it.value));
  return others.some((other) => other !== first);
}

/** Text and lists are not scalars: they merge. (Maps are walked before this is asked.) */
function isScalar(value: unknown): boolean {
  return typeof value !== 'string' && !Array.isArray(value);
}

function comparable(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes ${value.join()}`;
  const text = typeof value === 'object' && value !== null && 'val' in value ? value.val : value;
  return `${typeof value} ${String(text)}`;
}

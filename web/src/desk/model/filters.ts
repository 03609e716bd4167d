// The filters of the visits list and of the doors list, and their place in the address bar.
// Pure: the address is the only memory of a filter, so a link and a reload show the same list.

import type { TimeMs } from '../../bridge/types.ts';

/** Empty text means: not filtered by this. */
export interface VisitFilters {
  grid: string;
  building: string;
  /** One door, by id: where the doors list leads. */
  door: string;
  worker: string;
  purpose: string;
  outcome: string;
  tag: string;
  review: string;
  /** First day, `YYYY-MM-DD`, in the reader's own time zone. */
  from: string;
  /** Last day, included. */
  to: string;
  text: string;
}

export interface DoorFilters {
  grid: string;
  building: string;
  tag: string;
  seen: string;
  text: string;
}

const VISIT_KEYS = [
  'grid', 'building', 'door', 'worker', 'purpose', 'outcome', 'tag', 'review', 'from', 'to', 'text',
] as const satisfies readonly (keyof VisitFilters)[];
const DOOR_KEYS = ['grid', 'building', 'tag', 'seen', 'text'] as const satisfies readonly (keyof DoorFilters)[];

/** The states of review that the list can be narrowed to. */
export const REVIEW_STATES = ['waiting', 'accepted', 'asked_back'] as const;
/** How a door was seen. */
export const SEEN_STATES = ['visited', 'no_answer', 'never'] as const;

/** Reads the filters of an address; what it does not know it leaves out. */
export function readVisitFilters(search: string): VisitFilters {
  const filters = readKeys(VISIT_KEYS, search);
  return { ...filters, from: dayOrNothing(filters.from), to: dayOrNothing(filters.to) };
}

export function readDoorFilters(search: string): DoorFilters {
  return readKeys(DOOR_KEYS, search);
}

/** The address query that says these filters: `?a=b`, or empty when nothing is filtered. */
export function writeVisitFilters(filters: Partial<VisitFilters>): string {
  return writeKeys(VISIT_KEYS, filters);
}

export function writeDoorFilters(filters: Partial<DoorFilters>): string {
  return writeKeys(DOOR_KEYS, filters);
}

/** How many filters narrow the list. */
export function countFilters(filters: VisitFilters | DoorFilters): number {
  return Object.values(filters).filter((value) => value !== '').length;
}

/** The query of `/api/desk/visits` for one page. Days become the reader's local midnights. */
export function visitQuery(filters: VisitFilters, offset: number, limit: number): string {
  const query = new URLSearchParams();
  for (const key of VISIT_KEYS) {
    if (key === 'from' || key === 'to' || filters[key] === '') continue;
    query.set(key, filters[key]);
  }
  const from = dayStart(filters.from);
  const to = dayStart(filters.to, 1);
  if (from !== undefined) query.set('from', String(from));
  if (to !== undefined) query.set('to', String(to));
  return withPage(query, offset, limit);
}

export function doorQuery(filters: DoorFilters, offset: number, limit: number): string {
  const query = new URLSearchParams();
  for (const key of DOOR_KEYS) if (filters[key] !== '') query.set(key, filters[key]);
  return withPage(query, offset, limit);
}

/** Local midnight at which a day begins, `days` later; nothing for text that names no day. */
export function dayStart(day: string, days = 0): TimeMs | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!parts) return undefined;
  const [year, month, date] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const start = new Date(year, month - 1, date);
  if (start.getMonth() !== month - 1 || start.getDate() !== date) return undefined;
  // Built from parts, not by adding 86,400,000: a day with a clock change has another length.
  return new Date(year, month - 1, date + days).getTime();
}

function dayOrNothing(day: string): string {
  return dayStart(day) === undefined ? '' : day;
}

function readKeys<Key extends string>(keys: readonly Key[], search: string): Record<Key, string> {
  const query = new URLSearchParams(search);
  const filters = {} as Record<Key, string>;
  for (const key of keys) filters[key] = (query.get(key) ?? '').trim();
  return filters;
}

function writeKeys<Key extends string>(keys: readonly Key[], filters: Partial<Record<Key, string>>): string {
  const query = new URLSearchParams();
  for (const key of keys) {
    const value = filters[key]?.trim();
    if (value) query.set(key, value);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function withPage(query: URLSearchParams, offset: number, limit: number): string {
  query.set('offset', String(offset));
  query.set('limit', String(limit));
  return `?${query.toString()}`;
}

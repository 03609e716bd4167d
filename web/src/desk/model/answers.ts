// The shapes of the desk's JSON routes (docs/PROTOCOL.md, part 5) as the desk reads them.
// Shapes only: asking is reading.ts, showing is the pages.

import type { Id, ListEntry, TimeMs } from '../../bridge/types.ts';

export interface Numbers {
  as_of: TimeMs;
  doors: number;
  visited_doors: number;
  no_answer_doors: number;
  never_visited_doors: number;
  visits: number;
  waiting_review: number;
  tray: number;
  phones: number;
  /** Phones that have exchanged before, but not lately. */
  phones_silent: SilentPhone[];
  /** Phones from which visits may still be out: the 尚有 N 台手机未到 beside every count. */
  phones_unheard: number;
}

export interface SilentPhone {
  device: Id;
  name?: string;
  last_exchange_at?: TimeMs;
}

export interface DoorPlace {
  id: Id;
  building: string;
  unit: string;
  floor?: number;
  label: string;
  tags?: string[];
}

export interface ReviewSummary {
  state?: string;
  by?: Id;
  at?: TimeMs;
  comment?: string;
}

export interface VisitSummary {
  kind: 'visit';
  door?: Id;
  at?: TimeMs;
  by?: Id;
  purpose?: string;
  outcome?: string;
  note?: string;
  note_chars?: number;
  review?: ReviewSummary;
  conflicts?: string[];
}

export interface VisitAnswer {
  id: Id;
  feed: Id;
  summary: VisitSummary;
  door?: DoorPlace;
  received_at: TimeMs;
}

export interface ResidentSummary {
  id: Id;
  name: string;
  relation?: string;
  birth_year?: number;
  tags?: string[];
  sealed?: string[];
}

export interface DoorSummary {
  kind: 'door';
  building: string;
  unit: string;
  floor?: number;
  label: string;
  persons?: ResidentSummary[];
  tags?: string[];
  plan?: { interval_days?: number; purpose?: string };
  remarks?: string;
}

export interface DoorAnswer {
  id: Id;
  feed: Id;
  summary: DoorSummary;
  last_visit?: { id?: Id; at?: TimeMs; outcome?: string };
}

/** One page of a list, newest first where time orders it. */
export interface Page<Row> {
  as_of: TimeMs;
  total: number;
  rows: Row[];
}

export interface Phone {
  device: Id;
  person: Id;
  name: string;
  last_exchange_at?: TimeMs;
  app_version?: string;
  /** Server time minus phone time. */
  clock_error_ms?: number;
  silent: boolean;
}

export interface Worker {
  id: Id;
  name: string;
  role?: string;
}

export interface Directory {
  grids: { feed: Id; name: string }[];
  buildings: string[];
  workers: Worker[];
  purposes: ListEntry[];
  outcomes: ListEntry[];
  tags: ListEntry[];
  checks: ListEntry[];
}

/** What a trayed change would write, field by field, when its bytes can be read. */
export interface TrayWrite {
  path: string;
  action?: string;
  value?: string;
}

export interface TrayEntry {
  id: string;
  document: Id;
  kind: string;
  feed?: Id;
  person?: Id;
  name: string;
  received_at: TimeMs;
  reason: string;
  reason_zh?: string;
  reason_en?: string;
  size_bytes?: number;
  /** Absent when the bytes cannot be read as a change. */
  writes?: TrayWrite[];
  door?: DoorPlace;
}

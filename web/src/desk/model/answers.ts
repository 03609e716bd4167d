// The shapes of the desk's JSON routes (docs/PROTOCOL.md, part 5) as the desk reads them.
// Shapes only: asking is reading.ts, showing is the pages.

import type { Id, TimeMs } from '../../bridge/types.ts';

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
  /** Phones not heard from for days. */
  phones_silent: SilentPhone[];
  /** Phones not heard from today, on which visits may still be: the 尚有 N 台手机未到 beside every count. */
  phones_unheard: number;
}

export interface SilentPhone {
  device: Id;
  name: string;
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
  checks?: Record<string, string>;
  met?: Id[];
  review?: ReviewSummary;
  conflicts?: string[];
}

export interface VisitAnswer {
  id: Id;
  feed: Id;
  summary: VisitSummary;
  door?: DoorPlace;
  /** When the visit first arrived; it orders the list. */
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
  /** `visited`, `no_answer` (nobody met yet) or `never`. */
  seen?: string;
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
  person: Worker;
  enrolled_at?: TimeMs;
  last_exchange_at?: TimeMs;
  app_version?: string;
  /** Phone time minus server time. */
  clock_error_ms?: number;
}

export interface Worker {
  id: Id;
  name: string;
  role?: string;
}

export interface Directory {
  grids: { feed: Id; name: string }[];
  buildings: { building: string; units?: number; floors?: number }[];
  workers: Worker[];
}

/** A change that was not taken in, and why. */
export interface TrayEntry {
  id: string;
  reason: { code: string; zh: string; en: string };
  document: Id;
  kind: string;
  person: { id: Id; name: string };
  received_at: TimeMs;
  bytes: number;
  /** By the sender's clock. */
  written_at?: TimeMs;
  /** What the sender set, by the paths of the fields. */
  fields?: Record<string, string>;
  /** What the sender typed, as far as it can be read. */
  words?: string[];
  door?: DoorPlace;
}

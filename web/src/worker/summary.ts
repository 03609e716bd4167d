// The flat rows that documents become for lists (PROTOCOL.md part 3, "Summaries"). Shapes only.
// Keys outside these shapes are kept as they came: a newer server may say more.

export interface VisitSummary {
  kind: 'visit';
  door?: string; at?: number; by?: string; purpose?: string; outcome?: string;
  note?: string; note_chars?: number; checks?: Record<string, string>; met?: string[];
  review?: { state?: string; by?: string; at?: number; comment?: string };
  conflicts?: string[];
}

export interface ResidentSummary {
  id: string; name?: string; relation?: string; birth_year?: number; tags?: string[]; sealed?: string[];
}

export interface DoorSummary {
  kind: 'door';
  community?: string; grid?: string; building?: string; unit?: string; floor?: number; label?: string;
  persons?: ResidentSummary[]; tags?: string[];
  plan?: { interval_days?: number; purpose?: string }; remarks?: string; conflicts?: string[];
}

export interface CodeSummary { zh?: string; en?: string; order?: number }

export interface CommunitySummary {
  kind: 'community';
  name?: string; grids?: Record<string, { name?: string }>;
  buildings?: Record<string, { units?: number; floors?: number; note?: string }>;
  lists?: Record<string, Record<string, CodeSummary>>;
  phrases?: Record<string, { zh?: string; order?: number }>;
  conflicts?: string[];
}

export type Summary = VisitSummary | DoorSummary | CommunitySummary;

/** The summary in a document frame of version 1; null when it is not one this version can show. */
export function readSummary(json: string | null): Summary | null {
  if (json === null) return null;
  try {
    return summaryOf(JSON.parse(json));
  } catch {
    return null;
  }
}

/** The summary in this value; null when it is not one this version can show. */
export function summaryOf(value: unknown): Summary | null {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
  return ['visit', 'door', 'community'].includes(String(value.kind)) ? (value as Summary) : null;
}

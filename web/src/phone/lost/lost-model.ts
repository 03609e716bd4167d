// What became of what a lost store had not sent. Pure.

import type { Parcel, TimeMs, UnsentItem, VisitRow, Witness } from '../../bridge/types.ts';

/** The answer of `POST /api/device/last`. */
export interface Last {
  device: string; person: { id: string; name: string }; last_exchange_at?: TimeMs; visits: number;
  newest: { id: string; at?: TimeMs; received_at: TimeMs; door?: { building: string; unit: string; label: string } }[];
  lacking: string[];
}

/** `kept`: the office did not take it, and its words are still here as a file. */
export type LostState = 'arrived' | 'carried' | 'kept' | 'rewritten' | 'missing';
/** One visit that had not been sent in full. */
export interface LostVisit { document: string; door?: string; place: string; at: TimeMs; state: LostState }

/** Written again within a minute of the time of the lost one: the link fills in that time. */
const SAME_MS = 60_000;

/** The unsent changes as visits, in the order in which they were written. */
export function lostVisits(
  witness: Witness, last: Last | undefined, parcels: readonly Parcel[], mine: readonly VisitRow[],
): LostVisit[] {
  const states = new Set(parcels.filter((parcel) => parcel.device === witness.device).map((parcel) => parcel.state));
  const isCarried = states.has('waiting') || states.has('partly');
  const isRefused = !isCarried && states.has('refused');
  const lacking = last && new Set(last.lacking);
  const visits = new Map<string, UnsentItem[]>();
  for (const item of witness.unsent) visits.set(item.document, [...(visits.get(item.document) ?? []), item]);
  return [...visits].flatMap(([document, items]): LostVisit[] => {
    const [first] = items;
    if (!first) return [];
    const { door, place, at } = first;
    const visit = { document, place, at, ...(door === undefined ? {} : { door }) };
    if (lacking && !items.some((item) => lacking.has(item.hash))) return [{ ...visit, state: 'arrived' }];
    if (mine.some((row) => row.door.id === door && Math.abs(row.at - at) < SAME_MS && row.id !== document)) return [{ ...visit, state: 'rewritten' }];
    if (isRefused) return [{ ...visit, state: 'kept' }];
    return [{ ...visit, state: isCarried || witness.file !== undefined ? 'carried' : 'missing' }];
  });
}

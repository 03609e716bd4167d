// The flat row of a document, equal to the server's word for word (PROTOCOL.md part 3; `tests/fixtures/documents.json` holds both).
// A phone computes it only for what it has itself edited; for everything else it keeps the row that came along.

import type { CommunitySummary, DoorSummary, ResidentSummary, Summary, VisitSummary } from '../summary.ts';
import { conflictPaths } from './conflicts.ts';
import type { Automerge, Content, Document } from './library.ts';
import {
  beginning, byCodePoint, characterCount, filled, id, integer, mapOf, maps, members, parseId, prose, scalarText, sorted,
} from './values.ts';

/** Null for a document whose kind this version does not understand. */
export function summarise(automerge: Automerge, document: Document): Summary | null {
  const conflicts = conflictPaths(automerge, document);
  switch (scalarText(document['kind'])) {
    case 'visit':
      return visit(document, conflicts);
    case 'door':
      return door(document, conflicts);
    case 'community':
      return community(document, conflicts);
    default:
      return null;
  }
}

function visit(document: Content, conflicts: string[]): VisitSummary {
  const note = prose(document['note']);
  const checks = Object.entries(mapOf(document['checks']) ?? {}).map(([code, value]) => [code, scalarText(value)]);
  const review = mapOf(document['review']) ?? {};
  return filled<VisitSummary>({
    kind: 'visit',
    door: id(document['door']),
    at: integer(document['at']),
    by: id(document['by']),
    purpose: scalarText(document['purpose']),
    outcome: scalarText(document['outcome']),
    note: beginning(note),
    note_chars: characterCount(note) || undefined,
    checks: filled<Record<string, string>>(Object.fromEntries(checks)),
    met: members(document['met']).flatMap((member) => parseId(member) ?? []),
    review: filled({
      state: scalarText(review['state']),
      by: id(review['by']),
      at: integer(review['at']),
      comment: beginning(prose(review['comment'])),
    }),
    conflicts,
  });
}

function door(document: Content, conflicts: string[]): DoorSummary {
  const sealed = sealedNames(document['sealed']);
  const persons = maps(document['persons'])
    .flatMap(([key, person]) => {
      const resident = parseId(key);
      return resident ? [{ key, summary: residentOf(resident, person, sealed.get(resident)) }] : [];
    })
    .sort((a, b) => byCodePoint(a.key, b.key))
    .map((it) => it.summary);
  const plan = mapOf(document['plan']) ?? {};
  return filled<DoorSummary>({
    kind: 'door',
    community: id(document['community']),
    grid: id(document['grid']),
    building: scalarText(document['building']),
    unit: scalarText(document['unit']),
    floor: integer(document['floor']),
    label: scalarText(document['label']),
    persons,
    tags: sorted([...members(document['tags']), ...persons.flatMap((person) => person.tags ?? [])]),
    plan: filled({ interval_days: integer(plan['interval_days']), purpose: scalarText(plan['purpose']) }),
    remarks: beginning(prose(document['remarks'])),
    conflicts,
  });
}

function residentOf(resident: string, person: Content, sealed: Set<string> | undefined): ResidentSummary {
  return filled<ResidentSummary>({
    id: resident,
    name: scalarText(person['name']),
    relation: scalarText(person['relation']),
    birth_year: integer(person['birth_year']),
    tags: members(person['tags']),
    sealed: sorted(sealed ?? []),
  });
}

/** The names of sealed facts by resident, from keys such as `<id>/phone`. */
function sealedNames(value: unknown): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const key of Object.keys(mapOf(value) ?? {})) {
    const slash = key.indexOf('/');
    const resident = slash < 0 ? undefined : parseId(key.slice(0, slash));
    if (resident) names.set(resident, (names.get(resident) ?? new Set()).add(key.slice(slash + 1)));
  }
  return names;
}

function community(document: Content, conflicts: string[]): CommunitySummary {
  const grids = maps(document['grids']).flatMap(([key, grid]) => {
    const feed = parseId(key);
    return feed ? [[feed, filled({ name: scalarText(grid['name']) })] as const] : [];
  });
  const buildings = maps(document['buildings']).map(([label, building]) => [label, filled({
    units: integer(building['units']), floors: integer(building['floors']), note: scalarText(building['note']),
  })] as const);
  const phrases = maps(document['phrases']).map(([key, phrase]) =>
    [key, filled({ zh: scalarText(phrase['zh']), order: integer(phrase['order']) })] as const);
  const lists = maps(document['lists']).map(([name, codes]) => [name, Object.fromEntries(
    maps(codes).map(([code, words]) => [code, filled({
      zh: scalarText(words['zh']), en: scalarText(words['en']), order: integer(words['order']),
    })]),
  )] as const);
  return filled<CommunitySummary>({
    kind: 'community',
    name: scalarText(document['name']),
    grids: Object.fromEntries(grids),
    buildings: Object.fromEntries(buildings),
    // A list that holds no code says nothing.
    lists: filled<NonNullable<CommunitySummary['lists']>>(Object.fromEntries(lists)),
    phrases: Object.fromEntries(phrases),
    conflicts,
  });
}

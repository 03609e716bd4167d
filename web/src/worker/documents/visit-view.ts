// A visit as a person opens it: whole note, who wrote what, every value where people disagree. Pure over Automerge.

import type { AuthorRun, Conflict, HistoryEntry, Id } from '../../bridge/types.ts';
import type { Names } from '../views/names.ts';
import { conflictPaths, fieldValues, locate, shownValue } from './conflicts.ts';
import { replay, writerOf, type Run } from './history.ts';
import type { Automerge, Document } from './library.ts';
import { mapOf, members, prose, scalarText } from './values.ts';

export interface OpenedVisit {
  heads: string[]; note: string; comment: string; runs: AuthorRun[]; comment_runs: AuthorRun[];
  checks: Record<string, string>; met: Id[]; history: HistoryEntry[]; conflict_values: Conflict[];
}

const NOTE = 'note';
const COMMENT = 'review/comment';

export function openVisit(automerge: Automerge, document: Document, names: Names): OpenedVisit {
  const { steps, runs } = replay(automerge, document, [NOTE, COMMENT]);
  const signed = (run: Run): AuthorRun => ({ text: run.text, ...names.writer(run.actor), at: run.time_ms });
  const checks = Object.entries(mapOf(document['checks']) ?? {}).map(([code, value]) => [code, scalarText(value)]);
  return {
    heads: [...automerge.getHeads(document)].sort(),
    note: prose(document['note']),
    comment: prose(mapOf(document['review'])?.['comment']),
    runs: (runs.get(NOTE) ?? []).map(signed),
    comment_runs: (runs.get(COMMENT) ?? []).map(signed),
    checks: Object.fromEntries(checks.filter(([, value]) => value !== '')),
    met: members(document['met']),
    history: steps.map((step) => ({
      hash: step.hash, at: step.time_ms, ...names.writer(step.actor), fields: step.fields, note: step.text,
    })),
    conflict_values: conflictPaths(automerge, document).flatMap((path) => conflictAt(automerge, document, path, names)),
  };
}

function conflictAt(automerge: Automerge, document: Document, path: string, names: Names): Conflict[] {
  const place = locate(document, path);
  if (!place) return [];
  const values = fieldValues(automerge, place.map, place.key).map(({ operation, value }) => {
    const { actor, time_ms } = writerOf(automerge, document, operation);
    return { value: shownValue(value), ...names.writer(actor), at: time_ms };
  });
  return [{ path, values }];
}

// Writing: one save becomes one change. Pure over Automerge; time and actor are arguments.

import { copy, type Bytes } from '../bytes.ts';
import { fieldValues, locate, shownValue } from './conflicts.ts';
import type { Automerge, Content, Document } from './library.ts';
import { mapOf, members, prose, scalarText } from './values.ts';

/** A change, ready for the outbox, and the document with it. */
export interface Made { hash: string; bytes: Bytes; deps: string[]; operations: number; document: Document }

/** What a grid worker wrote down. An empty purpose or outcome was not said. */
export interface VisitFields {
  purpose: string; outcome: string; note: string; checks: Record<string, string>; met: readonly string[];
}
export interface NewVisit extends VisitFields { door: string; at: number; by: string }
export interface ReviewFields { state?: string; comment?: string; by: string; at: number }

type Writer = (document: Content) => void;

/** Fills a new visit, which so far holds only its genesis. */
export function createVisit(automerge: Automerge, document: Document, visit: NewVisit, timeMs: number): Made {
  const made = write(automerge, document, undefined, timeMs, (content) => {
    content['door'] = text(automerge, visit.door);
    content['at'] = visit.at;
    content['by'] = text(automerge, visit.by);
    writeVisit(automerge, content, visit);
  });
  if (!made) throw new Error('a new visit always differs from its genesis');
  return made;
}

/**
 * Writes the fields into a visit against what the person saw: `base` are the heads they began from, so that
 * what others wrote since merges with it instead of being taken back. Null when nothing differs from the base.
 */
export function editVisit(automerge: Automerge, document: Document, base: readonly string[] | undefined, visit: VisitFields, timeMs: number): Made | null {
  return write(automerge, document, base, timeMs, (content) => writeVisit(automerge, content, visit));
}

/** A supervisor's word on a visit. Null when it says so already. */
export function reviewVisit(automerge: Automerge, document: Document, review: ReviewFields, timeMs: number): Made | null {
  const before = mapOf(document['review']) ?? {};
  const sameState = review.state === undefined || scalarText(before['state']) === review.state;
  const sameComment = review.comment === undefined || prose(before['comment']) === review.comment;
  if (sameState && sameComment) return null;
  return write(automerge, document, undefined, timeMs, (content) => {
    const map = mapOf(content['review']) ?? content;
    if (review.state !== undefined) map['state'] = text(automerge, review.state);
    map['by'] = text(automerge, review.by);
    map['at'] = review.at;
    if (review.comment !== undefined) automerge.updateText(content as Document, ['review', 'comment'], review.comment);
  });
}

/**
 * Writes a value where people disagreed. Null where they do not disagree (any more),
 * so that a choice made on an old view does not overwrite a later answer.
 */
export function settleField(automerge: Automerge, document: Document, path: string, value: string, timeMs: number): Made | null {
  const place = locate(document, path);
  const values = place ? fieldValues(automerge, place.map, place.key) : [];
  if (values.length < 2) return null;
  // A number stays a number. Strings come out of the library bare; written back bare they would become prose.
  const known = values.find((it) => shownValue(it.value) === value)?.value;
  const chosen = typeof known === 'number' || typeof known === 'boolean' ? known : text(automerge, value);
  return write(automerge, document, undefined, timeMs, (content) => {
    const there = locate(content, path);
    if (there) there.map[there.key] = chosen;
  });
}

function writeVisit(automerge: Automerge, content: Content, visit: VisitFields): void {
  for (const key of ['purpose', 'outcome'] as const) {
    if (visit[key] && scalarText(content[key]) !== visit[key]) content[key] = text(automerge, visit[key]);
  }
  if (prose(content['note']) !== visit.note) automerge.updateText(content as Document, ['note'], visit.note);
  const checks = content['checks'] as Content;
  for (const [code, value] of Object.entries(visit.checks)) {
    if (value && scalarText(checks[code]) !== value) checks[code] = text(automerge, value);
  }
  for (const code of Object.keys(checks)) if (!visit.checks[code]) delete checks[code];
  const met = content['met'] as Content;
  for (const resident of visit.met) if (met[resident] !== true) met[resident] = true;
  for (const resident of members(met)) if (!visit.met.includes(resident)) delete met[resident];
}

function write(automerge: Automerge, document: Document, base: readonly string[] | undefined, timeMs: number, writer: Writer): Made | null {
  const heads = automerge.getHeads(document);
  const actor = automerge.getActorId(document);
  // The time inside a change is in whole seconds; nothing decides by it.
  const options = { time: Math.floor(timeMs / 1000) };
  const from = base && seenBase(automerge, document, base);
  const after = from && from.join() !== heads.join()
    ? automerge.changeAt(document, from, options, writer).newDoc
    : automerge.change(document, options, writer);
  const added = automerge.getChangesSince(after, heads);
  const change = added[0];
  if (!change) return null;
  const [meta] = automerge.getChangesMetaSince(after, heads);
  if (!meta || added.length !== 1 || meta.actor !== actor) throw new Error('a save is one change of this device');
  const operations = meta.maxOp - meta.startOp + 1;
  return { hash: meta.hash, bytes: copy(change), deps: meta.deps, operations, document: after };
}

/**
 * The heads to write at: what the person saw, and this device's own newest change. An actor is one line of
 * changes; writing beside one's own last change would need another actor, which the server does not accept.
 * Undefined when the document does not hold what the person saw.
 */
function seenBase(automerge: Automerge, document: Document, base: readonly string[]): string[] | undefined {
  if (base.length === 0 || !automerge.hasHeads(document, [...base])) return undefined;
  const seen = ancestors(automerge, document, base);
  const actor = automerge.getActorId(document);
  const own = automerge.getChangesMetaSince(document, []).filter((change) => change.actor === actor);
  const newest = own.reduce<(typeof own)[number] | undefined>(
    (last, change) => (last && last.seq > change.seq ? last : change), undefined);
  if (!newest || seen.has(newest.hash)) return [...base].sort();
  const covered = ancestors(automerge, document, [newest.hash]);
  return [...base.filter((head) => !covered.has(head)), newest.hash].sort();
}

/** These changes and everything they build on, by hash. */
export function ancestors(automerge: Automerge, document: Document, heads: readonly string[]): Set<string> {
  const known = new Map(automerge.getChangesMetaSince(document, []).map((change) => [change.hash, change.deps]));
  const found = new Set<string>();
  const open = [...heads];
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    if (found.has(hash) || !known.has(hash)) continue;
    found.add(hash);
    open.push(...(known.get(hash) ?? []));
  }
  return found;
}

function text(automerge: Automerge, value: string): unknown {
  return new automerge.ImmutableString(value);
}

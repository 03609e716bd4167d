// Who wrote what: a document's changes replayed one by one. Needed only when a person opens a visit.

import type { Automerge, Document } from './library.ts';

/** Words next to each other that one actor wrote. `time_ms` is the newest change among them. */
export interface Run { text: string; actor: string; time_ms: number }
export interface Step {
  hash: string; actor: string; time_ms: number;
  /** Paths of the fields the change wrote, also where another value won. */
  fields: string[];
  /** The first text asked for, as it stood after this change. */
  text: string;
}
export interface Replay { steps: Step[]; runs: Map<string, Run[]> }

/** A text as UTF-16 units, each with the change that wrote it. */
type Units = { unit: string; actor: string; time_ms: number }[];
interface Patch { action: string; path: (string | number)[]; value?: unknown; length?: number }
type Change = Parameters<Automerge['decodeChange']>[0];
interface Operation { action: string; obj: string; key?: string }

/** Replays every change. `texts` are paths with slashes; the genesis is no step. */
export function replay(automerge: Automerge, document: Document, texts: readonly string[]): Replay {
  const units = new Map<string, Units>(texts.map((path) => [path, []]));
  const paths = new Map<string, string>([['_root', '']]);
  const steps: Step[] = [];
  const metadata = new Map(automerge.getChangesMetaSince(document, []).map((change) => [change.hash, change]));
  let replica = automerge.init<Record<string, unknown>>();
  try {
    for (const change of automerge.getAllChanges(document)) {
      const before = automerge.getHeads(replica);
      const patches: Patch[] = [];
      const patchCallback = (found: Patch[]): void => {
        patches.push(...found);
      };
      [replica] = automerge.applyChanges(replica, [change], { patchCallback: patchCallback as never });
      const meta = metadata.get(automerge.getHeads(replica).find((head) => !before.includes(head)) ?? '');
      if (!meta) continue;
      for (const patch of patches) applyPatch(units, patch, meta.actor, timeMs(meta));
      const fields = fieldsOf(operationsOf(automerge, change), meta.startOp, meta.actor, paths) ?? fieldsSeen(patches);
      const text = textOf(units.get(texts[0] ?? '') ?? []);
      if (!isGenesis(meta.actor)) steps.push({ hash: meta.hash, actor: meta.actor, time_ms: timeMs(meta), fields, text });
    }
  } finally {
    automerge.free(replica);
  }
  return { steps, runs: new Map([...units].map(([path, all]) => [path, runsOf(all)])) };
}

/** Who wrote an operation (`counter@actor`), and when. */
export function writerOf(automerge: Automerge, document: Document, operation: string): { actor: string; time_ms: number } {
  const [counter, actor = ''] = operation.split('@');
  const change = automerge.getChangesMetaSince(document, [])
    .find((it) => it.actor === actor && it.startOp <= Number(counter) && Number(counter) <= it.maxOp);
  return { actor, time_ms: change ? timeMs(change) : 0 };
}

/** Changes carry whole seconds. */
function timeMs(change: { time: number }): number {
  return change.time * 1000;
}

function applyPatch(all: Map<string, Units>, patch: Patch, actor: string, atMs: number): void {
  const whole = all.get(patch.path.join('/'));
  if (whole && (patch.action === 'put' || patch.action === 'del')) {
    whole.length = 0;
    return;
  }
  const index = patch.path.at(-1);
  const units = all.get(patch.path.slice(0, -1).join('/'));
  if (!units || typeof index !== 'number') return;
  if (patch.action === 'splice' && typeof patch.value === 'string') {
    // eslint-disable-next-line unicorn/prefer-spread -- the unit is UTF-16, as in the patch's index, not the code point
    units.splice(index, 0, ...patch.value.split('').map((unit) => ({ unit, actor, time_ms: atMs })));
  } else if (patch.action === 'del') {
    units.splice(index, patch.length ?? 1);
  }
}

/** Undefined when the change holds a number no browser can hold; the change itself still applies. */
function operationsOf(automerge: Automerge, change: Change): Operation[] | undefined {
  try {
    return automerge.decodeChange(change).ops as Operation[];
  } catch {
    return undefined;
  }
}

/** The field each operation writes, from the objects that were made before it. */
function fieldsOf(operations: readonly Operation[] | undefined, startOp: number, actor: string, paths: Map<string, string>): string[] | undefined {
  if (!operations) return undefined;
  const fields = new Set<string>();
  operations.forEach((operation, index) => {
    const parent = paths.get(operation.obj);
    if (parent === undefined) return;
    const path = operation.key === undefined ? parent : join(parent, operation.key);
    if (operation.action.startsWith('make')) paths.set(`${startOp + index}@${actor}`, path);
    fields.add(path);
  });
  return [...fields];
}

/** What a change did to what is shown: all that is left to say when its operations cannot be listed. */
function fieldsSeen(patches: readonly Patch[]): string[] {
  return [...new Set(patches.map((patch) => patch.path.filter((step) => typeof step === 'string').join('/')))];
}

function join(parent: string, key: string): string {
  return parent === '' ? key : `${parent}/${key}`;
}

function textOf(units: Units): string {
  return units.map((it) => it.unit).join('');
}

function runsOf(units: Units): Run[] {
  const runs: Run[] = [];
  for (const { unit, actor, time_ms } of units) {
    const last = runs.at(-1);
    if (last?.actor === actor) {
      last.text += unit;
      last.time_ms = Math.max(last.time_ms, time_ms);
    } else {
      runs.push({ text: unit, actor, time_ms });
    }
  }
  return runs;
}

/** The genesis is nobody's: its actor is one zero byte. */
function isGenesis(actor: string): boolean {
  return actor === '00';
}

// A visit being written: what each event makes of it, and what must be done then. Pure; the page does the doing.

import type { AuthorRun, DoorCard, Refusal, VisitDraft, VisitView } from '../../bridge/types.ts';

export interface FormModel {
  draft: VisitDraft;
  /** Something was written, now or before a restart. An untouched form leaves no draft behind. */
  touched: boolean;
  /** `saving` from the press of Save until the worker has answered. */
  step: 'editing' | 'saving';
  /** Save was pressed without a result. */
  outcomeMissing: boolean;
  /** “Do not write this” was pressed once. */
  leaving: boolean;
  error?: Refusal;
}

export type FormEvent =
  | { type: 'outcome'; code: string }
  | { type: 'purpose'; code: string }
  | { type: 'note'; note: string; selection: number }
  | { type: 'selection'; selection: number }
  | { type: 'check'; code: string; value: string }
  | { type: 'met'; resident: string; present: boolean }
  | { type: 'save' }
  /** This draft is a visit now. */
  | { type: 'saved'; visit: string; draft: VisitDraft }
  | { type: 'failed'; error: Refusal }
  /** The newest put did not reach the store; it is tried again. */
  | { type: 'unkept'; error: Refusal }
  /** The newest put reached the store. */
  | { type: 'kept' }
  | { type: 'leave' } | { type: 'stay' } | { type: 'throw_away' };

export type Effect =
  | { type: 'put'; draft: VisitDraft }
  | { type: 'save'; draft: VisitDraft }
  | { type: 'drop'; key: string }
  /** To where the person came from, with nothing said. */
  | { type: 'go_up' }
  /** The same, with the saved visit shown there. */
  | { type: 'go_on'; visit: string };

export type Step = [FormModel, Effect[]];

/** The draft of a new visit at this door. One per door: coming back goes on with it. */
export function newDraft(card: DoorCard, now: number): VisitDraft {
  return {
    key: `door/${card.door.id}`, door: card.door.id, started_at: now, changed_at: now,
    purpose: card.plan?.purpose ?? 'routine', outcome: '', note: '', checks: {}, met: [], selection: 0,
  };
}

/** The whole note of a visit; its row only holds the beginning. */
export function wholeNote(runs: readonly AuthorRun[]): string {
  return runs.map((run) => run.text).join('');
}

/**
 * The draft that edits a visit, one's own or a colleague's. It carries the heads of what the person saw, so that
 * the save is written against that and a colleague's later words are merged, not overwritten.
 */
export function editDraft(view: VisitView, now: number): VisitDraft {
  const note = wholeNote(view.runs);
  return {
    key: `visit/${view.id}`, door: view.door.id, visit: view.id, started_at: now, changed_at: now,
    purpose: view.purpose, outcome: view.outcome, note, checks: { ...view.checks }, met: [...view.met],
    selection: note.length, base_note: note, base_heads: [...view.heads],
  };
}

/**
 * The form of a new visit, once it is known what is kept and whether the door is here. Kept words can be read and
 * gone on with though their door is on this phone no more: they are nowhere else.
 */
export function startNew(kept: VisitDraft | null | undefined, card: DoorCard | null | undefined, now: number): FormModel | null {
  if (kept === undefined || card === undefined) return null;
  if (kept) return modelOf(kept, true);
  return card && modelOf(newDraft(card, now), false);
}

/** The form that edits a visit; kept changes open as kept words do. */
export function startEdit(kept: VisitDraft | null | undefined, view: VisitView | null | undefined, now: number): FormModel | null {
  if (kept === undefined || view === undefined) return null;
  if (kept) return modelOf(kept, true);
  return view?.whole ? modelOf(editDraft(view, now), false) : null;
}

/** The form over a draft; `restored` when the draft was kept from before. */
function modelOf(draft: VisitDraft, restored: boolean): FormModel {
  return { draft, touched: restored, step: 'editing', outcomeMissing: false, leaving: false };
}

/** Everything written is in the store, as far as the store has said. */
export function isKept(model: FormModel): boolean {
  return model.touched && model.error === undefined;
}

/** What counts while a save is under way: its answer, and what is written meanwhile. */
const WHILE_SAVING: ReadonlySet<FormEvent['type']> = new Set(['saved', 'failed', 'outcome', 'purpose', 'note', 'check', 'met']);

/** The form after an event, and what is to be done. */
export function update(model: FormModel, event: FormEvent, now: number): Step {
  if (model.step === 'saving' && !WHILE_SAVING.has(event.type)) return [model, []];
  const { draft } = model;
  switch (event.type) {
    case 'outcome':
      return write({ ...model, outcomeMissing: false }, { outcome: event.code }, now);
    case 'purpose':
      return write(model, { purpose: event.code }, now);
    case 'note':
      return write(model, { note: event.note, selection: event.selection }, now);
    case 'selection':
      if (!model.touched || event.selection === draft.selection) return [model, []];
      return write(model, { selection: event.selection }, now);
    case 'check':
      return write(model, { checks: withCheck(draft.checks, event.code, event.value) }, now);
    case 'met':
      return write(model, { met: withMember(draft.met, event.resident, event.present) }, now);
    case 'save':
      if (!draft.outcome) return [{ ...model, outcomeMissing: true }, []];
      return [{ ...model, step: 'saving', error: undefined }, [{ type: 'save', draft }]];
    case 'saved':
      // Written since: the store keeps it as the same visit's draft, and it becomes the visit's next change.
      if (draft !== event.draft) return [model, [{ type: 'save', draft }]];
      return [model, [{ type: 'go_on', visit: event.visit }]];
    case 'kept':
      return [{ ...model, error: undefined }, []];
    case 'unkept':
      return [{ ...model, error: event.error }, []];
    case 'failed':
      return [{ ...model, step: 'editing', error: event.error }, []];
    case 'leave':
      return model.touched ? [{ ...model, leaving: true }, []] : [model, [{ type: 'go_up' }]];
    case 'stay':
      return [{ ...model, leaving: false }, []];
    case 'throw_away':
      return [model, [{ type: 'drop', key: draft.key }, { type: 'go_up' }]];
  }
}

/** Every change of the draft is put into the store at once, and is newer than the one before even if the clock is not. */
function write(model: FormModel, change: Partial<VisitDraft>, now: number): Step {
  const draft = { ...model.draft, ...change, changed_at: Math.max(now, model.draft.changed_at + 1) };
  return [{ ...model, draft, touched: true, leaving: false }, [{ type: 'put', draft }]];
}

/** A check not looked at is absent, not empty. */
function withCheck(checks: Record<string, string>, code: string, value: string): Record<string, string> {
  const rest = Object.fromEntries(Object.entries(checks).filter(([each]) => each !== code));
  return value ? { ...rest, [code]: value } : rest;
}

function withMember(members: readonly string[], member: string, present: boolean): string[] {
  const rest = members.filter((each) => each !== member);
  return present ? [...rest, member] : rest;
}

/** Who changed the note of the visit since this draft began, other than the one who writes; empty when nobody. */
export function changedMeanwhile(draft: VisitDraft, view: VisitView | null | undefined, me: string): string[] {
  if (draft.base_note === undefined || !view?.whole || wholeNote(view.runs) === draft.base_note) return [];
  const known = view.history.findIndex((entry) => entry.note === draft.base_note);
  const newer = view.history.slice(known + 1).filter((entry) => entry.fields.includes('note') && entry.person !== me);
  return [...new Set(newer.map((entry) => entry.name))];
}

/** A phrase set into the note at the cursor; answers the note and the cursor behind the phrase. */
export function withPhrase(note: string, from: number, to: number, phrase: string): { note: string; selection: number } {
  return { note: note.slice(0, from) + phrase + note.slice(to), selection: from + phrase.length };
}

import { describe, expect, it } from 'vitest';
import type { DoorCard, HistoryEntry, VisitDraft, VisitView } from '../../bridge/types.ts';
import {
  changedMeanwhile, editDraft, isKept, newDraft, startEdit, startNew, update, withPhrase, type FormEvent, type FormModel,
} from './form-model.ts';

const card = { door: { id: 'door-1', building: '3', unit: '2', floor: 5, label: '501' }, plan: { purpose: 'care' } } as DoorCard;
const start = (): FormModel => startNew(null, card, 1000) as FormModel;

/** The draft last put after these events, one millisecond apart. */
function putAfter(events: readonly FormEvent[]): VisitDraft | undefined {
  let model = start();
  let put: VisitDraft | undefined;
  for (const [index, event] of events.entries()) {
    const [next, effects] = update(model, event, 1001 + index);
    model = next;
    for (const effect of effects) if (effect.type === 'put') put = effect.draft;
  }
  return put;
}

describe('a visit being written', () => {
  it('begins with the purpose of the standing plan and no result', () => {
    expect(start().draft).toMatchObject({ key: 'door/door-1', purpose: 'care', outcome: '', started_at: 1000 });
  });

  const kept: [string, FormEvent[], Partial<VisitDraft>][] = [
    ['a letter and the cursor behind it', [{ type: 'note', note: '老', selection: 1 }], { note: '老', selection: 1, changed_at: 1001 }],
    ['a result', [{ type: 'outcome', code: 'no_answer' }], { outcome: 'no_answer' }],
    ['a purpose', [{ type: 'purpose', code: 'survey' }], { purpose: 'survey' }],
    ['a check, and its change', [{ type: 'check', code: 'gas', value: 'ok' }, { type: 'check', code: 'gas', value: 'problem' }],
      { checks: { gas: 'problem' } }],
    ['a check taken back as absent', [{ type: 'check', code: 'gas', value: 'ok' }, { type: 'check', code: 'gas', value: '' }], { checks: {} }],
    ['each person met once', [{ type: 'met', resident: 'a', present: true }, { type: 'met', resident: 'a', present: true }], { met: ['a'] }],
    ['a person not met after all', [{ type: 'met', resident: 'a', present: true }, { type: 'met', resident: 'a', present: false }], { met: [] }],
    ['a cursor that moved later', [{ type: 'note', note: '老王', selection: 2 }, { type: 'selection', selection: 1 }], { note: '老王', selection: 1 }],
  ];
  it.each(kept)('keeps at once %s', (_name, events, expected) => {
    expect(putAfter(events)).toMatchObject(expected);
  });

  it('leaves no draft behind when only the cursor moved', () => {
    expect(putAfter([{ type: 'selection', selection: 0 }])).toBeUndefined();
  });

  it('asks for the result before it saves, and says so once', () => {
    const [missing, effects] = update(start(), { type: 'save' }, 2000);
    expect([missing.outcomeMissing, effects]).toEqual([true, []]);
    const [chosen] = update(missing, { type: 'outcome', code: 'met' }, 2001);
    expect(chosen.outcomeMissing).toBe(false);
  });

  it('saves once however often Save is pressed', () => {
    const [chosen] = update(start(), { type: 'outcome', code: 'met' }, 2000);
    const [saving, effects] = update(chosen, { type: 'save' }, 2001);
    expect(effects).toEqual([{ type: 'save', draft: chosen.draft }]);
    expect(update(saving, { type: 'save' }, 2002)).toEqual([saving, []]);
  });

  it('keeps what is written while a save is under way, and saves that too before it goes up', () => {
    const [chosen] = update(start(), { type: 'outcome', code: 'met' }, 2000);
    const [saving] = update(chosen, { type: 'save' }, 2001);
    const [typed, kept] = update(saving, { type: 'note', note: '还有', selection: 2 }, 2002);
    expect(kept).toEqual([{ type: 'put', draft: typed.draft }]);
    expect(typed).toMatchObject({ step: 'saving', draft: { note: '还有' } });
    const [again, more] = update(typed, { type: 'saved', visit: 'v', draft: chosen.draft }, 2003);
    expect(more).toEqual([{ type: 'save', draft: typed.draft }]);
    expect(update(again, { type: 'saved', visit: 'v', draft: typed.draft }, 2004)[1]).toEqual([{ type: 'go_on', visit: 'v' }]);
  });

  it('takes no cursor that comes to rest while a save is under way for something written', () => {
    const [typed] = update(start(), { type: 'note', note: '老王', selection: 2 }, 2000);
    const [chosen] = update(typed, { type: 'outcome', code: 'met' }, 2001);
    const [saving] = update(chosen, { type: 'save' }, 2002);
    expect(update(saving, { type: 'selection', selection: 1 }, 2003)).toEqual([saving, []]);
  });

  it('is newer with everything written, whatever the clock says', () => {
    const [first] = update(start(), { type: 'note', note: '老', selection: 1 }, 5000);
    const [second] = update(first, { type: 'note', note: '老王', selection: 2 }, 5000);
    const [third] = update(second, { type: 'note', note: '老王在', selection: 3 }, 1500);
    expect([first, second, third].map((model) => model.draft.changed_at)).toEqual([5000, 5001, 5002]);
  });

  it('says that a letter was not kept until one is kept again', () => {
    const full = { code: 'store_full', zh: '手机存储已满，没有存上', en: '' };
    const [typed] = update(start(), { type: 'note', note: '老', selection: 1 }, 2000);
    expect(isKept(typed)).toBe(true);
    const [failed] = update(typed, { type: 'failed', error: full }, 2001);
    expect(isKept(failed)).toBe(false);
    const [more] = update(failed, { type: 'note', note: '老王', selection: 2 }, 2002);
    expect([more.error, isKept(more)]).toEqual([full, false]);
    expect(isKept(update(more, { type: 'kept' }, 2003)[0])).toBe(true);
  });

  it('is open again with its words after a failed save', () => {
    const [chosen] = update(start(), { type: 'outcome', code: 'met' }, 2000);
    const [saving] = update(chosen, { type: 'save' }, 2001);
    const [failed] = update(saving, { type: 'failed', error: { code: 'store_full', zh: '', en: '' } }, 2002);
    expect(failed).toMatchObject({ step: 'editing', error: { code: 'store_full' }, draft: chosen.draft });
  });

  it('goes up at once when nothing was written, and asks on the page when something was', () => {
    expect(update(start(), { type: 'leave' }, 2000)[1]).toEqual([{ type: 'go_up' }]);
    const [written] = update(start(), { type: 'note', note: '老', selection: 1 }, 2000);
    const [leaving, effects] = update(written, { type: 'leave' }, 2001);
    expect([leaving.leaving, effects]).toEqual([true, []]);
    expect(update(leaving, { type: 'throw_away' }, 2002)[1]).toEqual([{ type: 'drop', key: 'door/door-1' }, { type: 'go_up' }]);
  });
});

const entry = (note: string, person: string, fields = ['note']): HistoryEntry => ({
  hash: note, at: 1, person, name: `名${person}`, fields, note,
});
const view = {
  id: 'visit-1', door: card.door, at: 500, purpose: 'care', outcome: 'met', whole: true, heads: ['h1'], checks: { gas: 'ok' }, met: ['a'],
  runs: [{ text: '老王', person: 'me', name: '我', at: 1 }, { text: '在家', person: 'lin', name: '林', at: 2 }],
} as unknown as VisitView;

describe('a visit being edited', () => {
  it('begins with the whole note as it stands and the heads it was seen at, the cursor at its end', () => {
    expect(editDraft(view, 900)).toMatchObject({
      key: 'visit/visit-1', visit: 'visit-1', note: '老王在家', base_note: '老王在家', base_heads: ['h1'], selection: 4, met: ['a'],
      started_at: 900,
    });
  });

  const meanwhile: [string, HistoryEntry[], string[]][] = [
    ['nobody when the note is as it was', [], []],
    ['a colleague who changed it since', [entry('老王在家', 'lin'), entry('老王在家。', 'lin')], ['名lin']],
    ['not oneself in another window', [entry('老王在家', 'lin'), entry('老王在家。', 'me')], []],
    ['not who only changed the result', [entry('老王在家', 'lin'), entry('老王在家。', 'zhou', ['outcome'])], []],
  ];
  it.each(meanwhile)('names %s', (_name, history, expected) => {
    const draft = editDraft(view, 900);
    const text = history.at(-1)?.note ?? '老王在家';
    const now = { ...view, history, runs: [{ text, person: 'lin', name: '林', at: 3 }] } as VisitView;
    expect(changedMeanwhile(draft, now, 'me')).toEqual(expected);
  });
});

describe('a form opens', () => {
  const kept = { ...newDraft(card, 1000), note: '老王' };
  const changes = { ...editDraft(view, 900), note: '老王在家。' };
  const here: [string, FormModel | null, [boolean, string] | null][] = [
    ['not before the store has said what is kept', startNew(undefined, card, 2000), null],
    ['not before the door is read', startNew(kept, undefined, 2000), null],
    ['over an empty draft', startNew(null, card, 2000), [false, '']],
    ['over kept words', startNew(kept, card, 2000), [true, '老王']],
    ['over kept words whose door is on this phone no more', startNew(kept, null, 2000), [true, '老王']],
    ['not at a door that is not here', startNew(null, null, 2000), null],
    ['over the visit as it stands', startEdit(null, view, 2000), [false, '老王在家']],
    ['over kept changes of a visit that is on this phone no more', startEdit(changes, null, 2000), [true, '老王在家。']],
    ['not over the beginning of a note', startEdit(null, { ...view, whole: false }, 2000), null],
    ['over kept changes though the whole note is not here', startEdit(changes, { ...view, whole: false }, 2000), [true, '老王在家。']],
  ];
  it.each(here)('%s', (_name, model, expected) => {
    expect(model && [model.touched, model.draft.note]).toEqual(expected);
  });
});

describe('a quick phrase', () => {
  it('goes in at the cursor, over what is selected, and the cursor follows it', () => {
    expect(withPhrase('老人在家', 2, 4, '都好。')).toEqual({ note: '老人都好。', selection: 5 });
  });
});

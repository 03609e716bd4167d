// What the first screens show, from rows alone.

import { describe, expect, it } from 'vitest';
import type { FaceRow } from '../store/rows.ts';
import { buildingFace, buildingRows } from './building.ts';
import { doorCard } from './door.ts';
import { dueRows } from './due.ts';
import { dueAt, intervalDays, lightOf, type Plan } from './light.ts';
import { listsOf } from './lists.ts';
import { compareLabels } from '../../labels.ts';
import { markOf } from './visits.ts';

const NOW = 1_800_000_000_000;
const DAY = 24 * 60 * 60 * 1000;

function face(label: string, fields: Partial<FaceRow> = {}): FaceRow {
  return { id: label, feed: 'g', building: '3', unit: '1', floor: 1, label, tags: [], persons: [], ...fields };
}

describe('a window', () => {
  const cases: [string, Plan, string, number][] = [
    ['never seen is dark', { tags: [] }, 'dark', 180],
    ['seen yesterday is lit', { tags: [], last_seen_at: NOW - DAY }, 'lit', 180],
    ['seen half a year ago is due', { tags: [], last_seen_at: NOW - 180 * DAY }, 'due', 180],
    ['with a care tag is due after a month', { tags: ['lives_alone'], last_seen_at: NOW - 31 * DAY }, 'due', 30],
    ['with care as its purpose is due after a month', { tags: [], purpose: 'care', last_seen_at: NOW - 31 * DAY }, 'due', 30],
    ['with a tag of the community alone keeps the long interval', { tags: ['dog'], last_seen_at: NOW - 31 * DAY }, 'lit', 180],
    ['keeps the interval its plan says', { tags: ['aged'], interval_days: 7, last_seen_at: NOW - 8 * DAY }, 'due', 7],
  ];
  it.each(cases)('%s', (_claim, plan, light, days) => {
    expect(lightOf(plan, NOW)).toBe(light);
    expect(intervalDays(plan)).toBe(days);
  });

  it('is due exactly when its interval has passed', () => {
    const plan = { tags: [], last_seen_at: NOW };
    const due = dueAt(plan) ?? 0;
    expect([lightOf(plan, due - 1), lightOf(plan, due)]).toEqual(['lit', 'due']);
  });
});

describe('the building face', () => {
  const faces = [
    face('201', { floor: 2 }), face('102', { floor: 1 }), face('101', { floor: 1 }), face('1001', { floor: 10, unit: '2' }),
    face('1002', { floor: 10, unit: '10' }), face('x', { building: '12' }),
  ];

  it('shows floors from the top down and doors in unit then label order', () => {
    const { units, floors } = buildingFace('3', faces, new Map([['101', 1]]), NOW);
    expect(units).toEqual(['1', '2', '10']);
    expect(floors.map(({ floor, doors }) => [floor, doors.map((door) => door.label)]))
      .toEqual([[10, ['1001', '1002']], [2, ['201']], [1, ['101', '102']]]);
    expect(floors[2]?.doors.map((door) => door.unsent)).toEqual([true, false]);
  });

  it('counts windows by light and takes units and floors from the community where it says them', () => {
    const rows = buildingRows(faces, new Map([['101', 2]]), { kind: 'community', buildings: { 3: { units: 4, floors: 18 } } }, NOW);
    expect(rows.map(({ building, doors, dark, unsent, units, floors }) => [building, doors, dark, unsent, units, floors]))
      .toEqual([['3', 5, 5, 2, 4, 18], ['12', 1, 1, 0, 1, 1]]);
  });

  it('sorts labels as people count', () => {
    expect(['10', '2', '12甲', '1'].sort(compareLabels)).toEqual(['1', '2', '10', '12甲']);
  });
});

describe('the walk', () => {
  const faces = [
    face('101'), face('201', { floor: 2 }), face('202', { floor: 2 }), face('2-301', { unit: '2', floor: 3 }),
    face('other', { building: '4' }),
  ];
  const walk = (label: string) => {
    const here = faces.find((it) => it.label === label) ?? face(label);
    const card = doorCard(here, { kind: 'door' }, [], faces, NOW);
    return [card.previous?.label, card.next?.label];
  };

  it('goes down stairway by stairway and stays in the building', () => {
    expect(walk('201')).toEqual([undefined, '202']);
    expect(walk('202')).toEqual(['201', '101']);
    expect(walk('101')).toEqual(['202', '2-301']);
    expect(walk('2-301')).toEqual(['101', undefined]);
  });
});

describe('what is to be done', () => {
  it('puts care first, then the longest due, then those never seen, then what is coming', () => {
    const rows = dueRows([
      face('soon', { interval_days: 10, last_seen_at: NOW - 5 * DAY }),
      face('lit', { last_seen_at: NOW }),
      face('never'),
      face('due', { last_seen_at: NOW - 200 * DAY }),
      face('long due', { last_seen_at: NOW - 400 * DAY }),
      face('care due', { tags: ['aged'], last_seen_at: NOW - 31 * DAY }),
      face('care never', { tags: ['aged'] }),
    ], NOW);
    expect(rows.map((row) => [row.door.label, row.days_left])).toEqual([
      ['care never', undefined], ['care due', -1], ['long due', -220], ['due', -20], ['never', undefined], ['soon', 5],
    ]);
  });
});

describe('the mark of a visit', () => {
  const change = { document: 'v', hash: 'h', kind: 'visit', feed: 'g', bytes: new Uint8Array(), deps: [], order: 1, at: 0 };
  const waiting = { ...change, state: 'waiting' as const };
  const held = { hash: 'h', document: 'v', status: 'held' as const, seq: 0, at: 0, reason: 'waits' };
  const none = { outbox: [], held: [], sending: new Set<string>() };

  it.each([
    ['on the phone while its change waits', { ...none, outbox: [waiting] }, undefined, 'on_phone'],
    ['on its way while its change is being sent', { ...none, outbox: [waiting], sending: new Set(['h']) }, undefined, 'sending'],
    ['at the office once no change of it waits', none, undefined, 'on_server'],
    ['seen once a supervisor said something', none, { state: 'asked_back' }, 'seen'],
    ['held while the tray has a change of it', { ...none, held: [held] }, undefined, 'held'],
    ['refused before anything else', { ...none, outbox: [{ ...waiting, state: 'refused' as const }], held: [held] }, undefined, 'refused'],
    ['on the phone again after a later edit, though it was seen', { ...none, outbox: [waiting] }, { state: 'accepted' }, 'on_phone'],
  ])('is %s', (_claim, sending, review, mark) => {
    expect(markOf('v', review, sending).mark).toBe(mark);
  });
});

describe('code lists', () => {
  it('come in menu order and show a code without words as it stands', () => {
    const lists = listsOf({
      kind: 'community', lists: { outcomes: { phone: { zh: '电话', order: 2 }, met: { zh: '见面', en: 'Met', order: 1 }, odd: {} } },
      phrases: { b: { zh: '乙', order: 2 }, a: { zh: '甲', order: 1 }, empty: {} },
    });
    expect(lists.outcomes.map((entry) => [entry.code, entry.zh])).toEqual([['met', '见面'], ['phone', '电话'], ['odd', 'odd']]);
    expect(lists.phrases.map((phrase) => phrase.zh)).toEqual(['甲', '乙']);
    expect(lists.purposes).toEqual([]);
  });
});

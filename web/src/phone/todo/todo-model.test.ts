import { describe, expect, it } from 'vitest';
import type { DueRow, VisitRow } from '../../bridge/types.ts';
import { askedBackOf, groupsOf } from './todo-model.ts';

const row = (building: string, unit: string, floor: number, label: string, days_left?: number, tags: string[] = []): DueRow => ({
  door: { id: `${building}-${unit}-${label}`, building, unit, floor, label }, persons: [], tags, ...(days_left === undefined ? {} : { days_left }),
});
const rows = [
  row('10', '1', 1, '101', 3), row('9', '2', 5, '501', -1), row('9', '1', 6, '601', -20), row('9', '1', 7, '701'),
  row('9', '1', 6, '602', 30), row('10', '1', 3, '301', undefined, ['lives_alone']),
];
const shown = (groups: ReturnType<typeof groupsOf>) => groups.map((group) => [group.name, group.rows.map((each) => each.door.id)]);

describe('doors to go to', () => {
  it('stand by date with the most overdue first, and care first among those never visited', () => {
    expect(shown(groupsOf(rows, 'time'))).toEqual([
      ['over', ['9-1-601', '9-2-501']], ['soon', ['10-1-101']], ['later', ['9-1-602']], ['never', ['10-1-301', '9-1-701']],
    ]);
  });

  it('stand by building in walking order, top floor first, building 9 before 10', () => {
    expect(shown(groupsOf(rows, 'place'))).toEqual([
      ['9', ['9-1-701', '9-1-601', '9-1-602', '9-2-501']], ['10', ['10-1-301', '10-1-101']],
    ]);
  });

  it('make no empty group', () => {
    expect(groupsOf([], 'time')).toEqual([]);
  });
});

describe('visits given back for more words', () => {
  it('are all of them and no others, newest first', () => {
    const visits = [
      { id: 'accepted', at: 4, review: { state: 'accepted' } }, { id: 'older', at: 1, review: { state: 'asked_back' } },
      { id: 'newer', at: 3, review: { state: 'asked_back' } }, { id: 'unread', at: 5 },
    ] as VisitRow[];
    expect(askedBackOf(visits).map((visit) => visit.id)).toEqual(['newer', 'older']);
  });
});

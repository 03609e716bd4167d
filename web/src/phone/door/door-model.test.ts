import { describe, expect, it } from 'vitest';
import { zh } from '../../app/i18n/zh.ts';
import type { DoorCard, Resident, VisitRow } from '../../bridge/types.ts';
import { ageOf, householdTags, lastVisit, personLine, personsInOrder, planParts } from './door-model.ts';

const NOW = new Date(2025, 10, 22, 12).getTime();
const DAY = 86_400_000;
const person = (id: string, birth_year?: number, tags: string[] = []): Resident => ({
  id, name: id, tags, sealed: [], ...(birth_year === undefined ? {} : { birth_year }),
});
const card = (more: Partial<DoorCard>): DoorCard => ({
  door: { id: 'd', building: '3', unit: '2', floor: 5, label: '501' }, tags: [], persons: [], light: 'lit', visits: [], ...more,
});

describe('a person on the card', () => {
  it.each<[number | undefined, number | undefined]>([[1940, 85], [2025, 0], [undefined, undefined], [2031, undefined], [1800, undefined]])(
    'born %s is %s years old', (year, expected) => { expect(ageOf(year, NOW)).toBe(expected); },
  );

  it('is told with relation and age, or with what is known', () => {
    expect(personLine({ ...person('a', 1940), relation: '户主' }, NOW, zh)).toBe('户主 · 85 岁');
    expect(personLine(person('a'), NOW, zh)).toBe('');
  });

  it('in care stands first, then the eldest, then those of unknown age', () => {
    const persons = [person('young', 1990), person('unknown'), person('old', 1950), person('cared', 2015, ['minor', 'left_behind_child'])];
    expect(personsInOrder(persons).map((each) => each.id)).toEqual(['cared', 'old', 'young', 'unknown']);
  });
});

describe('the card', () => {
  it('names care words of the household only when no person carries them', () => {
    expect(householdTags(card({ tags: ['aged', 'disabled'], persons: [person('a', 1940, ['aged'])] }))).toEqual(['disabled']);
  });

  const plans: [string, Partial<DoorCard>, string[]][] = [
    ['says nothing without a plan', {}, []],
    ['says how often, what for and how long there is', { plan: { interval_days: 30, purpose: 'care' }, due_at: NOW + 2 * DAY },
      ['每 30 天一次', 'care', '还剩 2 天']],
    ['says by how many days it is over', { plan: { interval_days: 30 }, due_at: NOW - 4 * DAY }, ['每 30 天一次', '已过 4 天']],
    ['says when it is today, whatever the hour', { due_at: NOW + 11 * 3_600_000 }, ['今天该去']],
  ];
  it.each(plans)('%s', (_name, more, expected) => {
    expect(planParts(card(more), NOW, zh, (code) => code)).toEqual(expected);
  });

  it('speaks of the newest visit, whatever the order they come in', () => {
    const visits = [{ id: 'old', at: 1 }, { id: 'new', at: 3 }, { id: 'middle', at: 2 }] as VisitRow[];
    expect(lastVisit(card({ visits }))?.id).toBe('new');
    expect(lastVisit(card({}))).toBeUndefined();
  });
});

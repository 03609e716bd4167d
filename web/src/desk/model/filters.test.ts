import { describe, expect, test } from 'vitest';
import {
  countFilters, dayStart, doorQuery, readDoorFilters, readVisitFilters, visitQuery, writeVisitFilters,
} from './filters.ts';

describe('the filters of a list live in the address', () => {
  const cases: [name: string, search: string][] = [
    ['nothing filtered is an empty query', ''],
    ['one filter', '?building=3'],
    ['all filters', '?grid=g&building=3&door=d&worker=w&purpose=care&outcome=met&tag=aged&review=waiting&from=2026-11-01&to=2026-11-22&text=%E7%83%9F'],
  ];
  test.each(cases)('%s: read and written again it is the same address', (_name, search) => {
    expect(writeVisitFilters(readVisitFilters(search))).toBe(search);
  });

  test('what is unknown, blank or not a day filters nothing', () => {
    const filters = readVisitFilters('?colour=red&text=%20%20&from=yesterday&to=2026-02-30');
    expect(countFilters(filters)).toBe(0);
  });

  test('spaces around the searched text do not change the address', () => {
    expect(writeVisitFilters({ text: ' 煤气 ' })).toBe(`?text=${encodeURIComponent('煤气')}`);
  });

  test('the doors list keeps only the filters it has', () => {
    expect(readDoorFilters('?tag=aged&seen=never&worker=x')).toEqual({
      grid: '', building: '', tag: 'aged', seen: 'never', text: '',
    });
    expect(doorQuery(readDoorFilters('?seen=never'), 200, 100)).toBe('?seen=never&offset=200&limit=100');
  });
});

describe('a page is asked of the server', () => {
  test('the last day is included: its end is the next midnight', () => {
    const query = new URLSearchParams(visitQuery(readVisitFilters('?from=2026-11-20&to=2026-11-20'), 0, 200));
    expect(Number(query.get('from'))).toBe(new Date(2026, 10, 20).getTime());
    expect(Number(query.get('to'))).toBe(new Date(2026, 10, 21).getTime());
  });

  test('a month has its own last day', () => {
    expect(dayStart('2026-02-28', 1)).toBe(new Date(2026, 2, 1).getTime());
    expect(dayStart('2026-13-01')).toBeUndefined();
  });

  test('only what filters is sent', () => {
    expect(visitQuery(readVisitFilters('?worker=w'), 0, 100)).toBe('?worker=w&offset=0&limit=100');
  });
});

import { describe, expect, it } from 'vitest';
import { foundIn, type Found } from './lint.ts';

// The numbers are made up: the region codes belong to no place and the birth dates to nobody.
describe('a note is looked through for numbers that name a person', () => {
  const cases: [string, Found | null][] = [
    ['身份证 990101194503070012 已看', 'id_number'],
    ['99010119450307001X', 'id_number'],
    ['证号９９０１０１１９４５０３０７００１２', 'id_number'],
    ['990101 19450307 0012', 'id_number'],
    ['990101194513070012 月份不对', null],
    ['电话13900001111，晚上在', 'mobile'],
    ['139-0000-1111', 'mobile'],
    ['+86 13900001111', 'mobile'],
    ['１３９００００１１１１', 'mobile'],
    ['水表 12345678901', null],
    ['订单 213900001111', null],
    ['1390000111', null],
    ['2025年11月22日 3-2-501 药还够7天', null],
    ['', null],
  ];
  it.each(cases)('“%s” → %s', (note, expected) => {
    expect(foundIn(note)).toBe(expected);
  });
});

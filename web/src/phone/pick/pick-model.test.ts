import { describe, expect, it } from 'vitest';
import type { DoorAddress } from '../../bridge/types.ts';
import { doorsLike } from './pick-model.ts';

const door = (building: string, unit: string, label: string): DoorAddress => ({
  id: `${building}-${unit}-${label}`, building, unit, label, floor: 1,
});
const doors = [door('3', '2', '501'), door('3', '1', '501'), door('3', '2', '5010'), door('2', '1', '502'), door('A3', '2', '601')];

describe('a door found by its address', () => {
  const cases: [string, string, string[]][] = [
    ['whole', '3-2-501', ['3-2-501', '3-2-5010']],
    ['as spoken', '3栋2单元501', ['3-2-501', '3-2-5010']],
    ['in full-width digits', '３－２－５０１', ['3-2-501', '3-2-5010']],
    ['without separators', '32501', ['3-2-501', '3-2-5010']],
    ['by number alone, exact ones first', '501', ['3-2-501', '3-1-501', '3-2-5010']],
    ['by its beginning', '50', ['3-2-501', '3-1-501', '3-2-5010', '2-1-502']],
    ['with a building named by a letter', 'a3-2-601', ['A3-2-601']],
    ['by nothing', ' ', []],
    ['by what is not there', '9-9-999', []],
  ];
  it.each(cases)('%s', (_name, typed, expected) => {
    expect(doorsLike(doors, typed).map((each) => each.id)).toEqual(expected);
  });
});

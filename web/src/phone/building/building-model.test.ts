import { describe, expect, it } from 'vitest';
import { zh } from '../../app/i18n/zh.ts';
import type { BuildingFace, DoorCell, Light } from '../../bridge/types.ts';
import { columnsOf, countsOf, doorsByUnit, windowSentence } from './building-model.ts';

const NOW = new Date(2025, 10, 22, 12).getTime();
const DAY = 86_400_000;
const cell = (unit: string, label: string, light: Light, more: Partial<DoorCell> = {}): DoorCell => ({
  id: `${unit}-${label}`, unit, floor: Number(label[0]), label, light, tags: [], unsent: false, ...more,
});
const face: BuildingFace = {
  building: '3', units: ['1', '2'],
  floors: [
    { floor: 2, doors: [cell('1', '201', 'lit'), cell('1', '202', 'due', { tags: ['aged', 'disabled'] }), cell('2', '201', 'dark')] },
    { floor: 1, doors: [cell('2', '101', 'lit', { unsent: true })] },
  ],
};

describe('a building face', () => {
  it('counts its windows by light, care and what is unsent', () => {
    expect(countsOf(face)).toEqual({ lit: 2, due: 1, dark: 1, doors: 4, care: 1, unsent: 1 });
  });

  it('keeps each unit as wide as its widest floor, so that staircases stand under each other', () => {
    expect(columnsOf(face)).toEqual([2, 1]);
  });

  it('leaves a gap where a floor has no door in a unit', () => {
    expect(doorsByUnit(face.floors[1]?.doors ?? [], face.units).map((doors) => doors.map((door) => door.id))).toEqual([[], ['2-101']]);
  });
});

describe('a window says aloud', () => {
  const words = (_list: string, code: string): string => zh.codes.tags[code] ?? zh.codes.outcomes[code] ?? code;
  const cases: [string, DoorCell, string][] = [
    ['that it was never visited', cell('1', '201', 'dark'), '201、从未到访'],
    ['when it was last seen and how', cell('1', '201', 'lit', { last_visit_at: NOW - 12 * DAY, last_outcome: 'met' }), '201、近期见过、上次12 天前，见面'],
    ['its care words and what is unsent', cell('1', '202', 'due', { tags: ['aged', 'lives_alone'], unsent: true }),
      '202、该去了、老年人、独居、有记录未送'],
    ['an unknown care word as it stands', cell('1', '202', 'due', { tags: ['new_code'] }), '202、该去了、new_code'],
  ];
  it.each(cases)('%s', (_name, door, expected) => {
    expect(windowSentence(door, NOW, zh, words)).toBe(expected);
  });
});

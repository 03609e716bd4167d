import { describe, expect, it } from 'vitest';
import type { BuildingFace, BuildingRow, DoorCell, Light } from '../../bridge/types.ts';
import { lowerHalves, outlineOf, totalsOf } from './home-model.ts';

const cell = (unit: string, light: Light): DoorCell => ({ id: unit + light, unit, floor: 1, label: '1', light, tags: [], unsent: false });
const face: BuildingFace = {
  building: '1', units: ['1', '2'],
  floors: [{ floor: 2, doors: [cell('1', 'lit'), cell('1', 'due'), cell('2', 'dark')] }, { floor: 1, doors: [cell('2', 'lit')] }],
};

describe('the outline of a building', () => {
  const outline = outlineOf(face);

  it('is as wide as its units and as high as its floors', () => {
    expect([outline.width, outline.height]).toEqual([20, 21]);
  });

  it('draws each window once, in its own light, at its own place', () => {
    expect(outline.paths).toEqual({ lit: 'M3 4h3v4h-3zM14 10.5h3v4h-3z', due: 'M8 4h3v4h-3z', dark: 'M14 4h3v4h-3z' });
  });

  it('fills the lower half of a due window', () => {
    expect(lowerHalves(outline.paths.due)).toBe('M8 6h3v2h-3z');
  });

  it('has a roof hut over the middle of each unit', () => {
    expect(outline.huts).toEqual([7, 15.5]);
  });
});

describe('the street', () => {
  it('adds up doors and lit windows', () => {
    expect(totalsOf([{ doors: 102, lit: 80 }, { doors: 90, lit: 9 }] as BuildingRow[])).toEqual({ doors: 192, lit: 89 });
  });
});

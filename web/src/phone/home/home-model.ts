// The street of my buildings: their outlines and the windows in them. Pure.

import type { BuildingFace, BuildingRow, Light } from '../../bridge/types.ts';
import { columnsOf, doorsByUnit } from '../building/building-model.ts';

/** A window in the outline is 3 × 4 units, with room around it. */
const WINDOW_WIDTH = 3;
const WINDOW_HEIGHT = 4;
const STEP_ACROSS = 5;
const STEP_DOWN = 6.5;
const WALL_EDGE = 3;
const UNIT_GAP = 3;
const ROOF = 4;
const BASE = 4;

/** A building as an outline: its size in units, where each unit's roof hut stands, and one path per light. */
export interface Outline { width: number; height: number; huts: number[]; paths: Record<Light, string> }

/** Due windows are drawn twice: dark whole, and lit in their lower half. */
export function outlineOf(face: BuildingFace): Outline {
  const columns = columnsOf(face);
  const starts: number[] = [];
  let across = WALL_EDGE;
  for (const count of columns) {
    starts.push(across);
    across += count * STEP_ACROSS - (STEP_ACROSS - WINDOW_WIDTH) + UNIT_GAP;
  }
  const paths: Record<Light, string> = { lit: '', due: '', dark: '' };
  for (const [row, floor] of face.floors.entries()) {
    const top = ROOF + row * STEP_DOWN;
    for (const [unit, doors] of doorsByUnit(floor.doors, face.units).entries()) {
      for (const [index, door] of doors.entries()) {
        const left = (starts[unit] ?? 0) + index * STEP_ACROSS;
        paths[door.light] += `M${left} ${top}h${WINDOW_WIDTH}v${WINDOW_HEIGHT}h-${WINDOW_WIDTH}z`;
      }
    }
  }
  const huts = starts.map((start, unit) => start + ((columns[unit] ?? 1) * STEP_ACROSS - (STEP_ACROSS - WINDOW_WIDTH)) / 2);
  return { width: across - UNIT_GAP + WALL_EDGE, height: ROOF + face.floors.length * STEP_DOWN + BASE, huts, paths };
}

/** The lower halves of windows drawn by `outlineOf`. */
export function lowerHalves(path: string): string {
  return path.replace(/M(\S+) (\S+)h3v4/g, (_whole, left: string, top: string) => `M${left} ${Number(top) + WINDOW_HEIGHT / 2}h3v2`);
}

export function totalsOf(rows: readonly BuildingRow[]): { doors: number; lit: number } {
  return rows.reduce((sum, row) => ({ doors: sum.doors + row.doors, lit: sum.lit + row.lit }), { doors: 0, lit: 0 });
}

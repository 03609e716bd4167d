// The windows of every building in one row, at dusk: one small window is one door. Lit, dim or dark by when it was
// last seen; nothing here is per worker.

import { useEffect } from 'preact/hooks';
import { messages } from '../../app/i18n/index.ts';
import type { BuildingFace, DoorCell } from '../../bridge/types.ts';
import { words } from '../messages/index.ts';
import type { Numbers } from '../model/answers.ts';
import { writeDoorFilters } from '../model/filters.ts';
import type { Block } from '../model/windows.ts';
import { blocks, refreshWindows } from './windows.ts';

/** Measures of a window in the units of the drawing. */
const WINDOW = { wide: 5, high: 10, gap: 3 };
/** Sky between two units of one building. */
const UNIT_GAP = 3;

export function Skyline({ numbers }: { numbers: Numbers }) {
  useEffect(() => { void refreshWindows(numbers.doors); }, [numbers]);
  if (blocks.value.length === 0) return null;
  const text = words.value.skyline;
  return (
    <section class="desk-skyline" aria-label={text.title}>
      <ul class="desk-skyline-row">
        {blocks.value.map((block) => <Building key={block.row.building} block={block} />)}
      </ul>
      <p class="desk-skyline-legend" aria-hidden="true">
        {(['lit', 'due', 'dark'] as const).map((light) => (
          <span key={light}>
            <svg viewBox="-1 -1 7 12"><Window light={light} x={0} y={0} /></svg>{text[light]}
          </span>
        ))}
      </p>
    </section>
  );
}

function Building({ block: { row, face } }: { block: Block }) {
  const name = messages.value.address.building(row.building);
  return (
    <li style={{ '--wide': measureOf(face).wide }}>
      <a href={`/doors${writeDoorFilters({ building: row.building })}`}
        aria-label={words.value.skyline.building(name, row.lit, row.doors)}>
        <Face face={face} />
        <span class="desk-skyline-name">{row.building}</span>
      </a>
    </li>
  );
}

function Face({ face }: { face: BuildingFace }) {
  const { places, wide, high } = measureOf(face);
  return (
    <svg class="desk-skyline-face" viewBox={`0 0 ${wide} ${high}`} aria-hidden="true">
      <rect class="desk-skyline-wall" width={wide} height={high} />
      {face.floors.map((floor, index) => floor.doors.map((door) => (
        <Window key={door.id} light={door.light} x={(places.get(door.id) ?? 0) + WINDOW.gap}
          y={index * (WINDOW.high + WINDOW.gap) + WINDOW.gap} />
      )))}
    </svg>
  );
}

/** A due window is lit in its lower half only, so that it is told from a lit one without colour. */
function Window({ light, x, y }: { light: DoorCell['light']; x: number; y: number }) {
  const half = WINDOW.high / 2;
  return (
    <>
      <rect class="desk-skyline-dark" x={x} y={y} width={WINDOW.wide} height={WINDOW.high} />
      {light === 'lit' && <rect class="desk-skyline-lit" x={x} y={y} width={WINDOW.wide} height={WINDOW.high} />}
      {light === 'due' && <rect class="desk-skyline-due" x={x} y={y + half} width={WINDOW.wide} height={half} />}
    </>
  );
}

interface Measure {
  places: Map<string, number>;
  wide: number;
  high: number;
}

function measureOf(face: BuildingFace): Measure {
  const places = placesOf(face);
  const wide = Math.max(...[...places.values()].map((x) => x + WINDOW.wide), 0) + WINDOW.gap * 2;
  return { places, wide, high: face.floors.length * (WINDOW.high + WINDOW.gap) + WINDOW.gap };
}

/** Where each door stands across: units side by side, each as wide as its widest floor. */
function placesOf(face: BuildingFace): Map<string, number> {
  const widest = new Map<string, number>();
  for (const floor of face.floors) {
    for (const unit of face.units) {
      const count = floor.doors.filter((door) => door.unit === unit).length;
      widest.set(unit, Math.max(widest.get(unit) ?? 0, count));
    }
  }
  const places = new Map<string, number>();
  for (const floor of face.floors) {
    let start = 0;
    for (const unit of face.units) {
      floor.doors.filter((door) => door.unit === unit).forEach((door, index) => {
        places.set(door.id, start + index * (WINDOW.wide + WINDOW.gap));
      });
      start += (widest.get(unit) ?? 0) * (WINDOW.wide + WINDOW.gap) + UNIT_GAP;
    }
  }
  return places;
}

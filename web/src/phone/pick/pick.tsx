// Choosing the door of a new visit when none is open: type its number, take one visited lately, or go by the buildings.

import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { DoorCell, DoorAddress } from '../../bridge/types.ts';
import { bridge, useAnswer } from '../../app/answers.ts';
import { Onward, PageHead } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { buildingPath, shortAddress } from '../address.ts';
import { WindowSign } from '../facade/window-sign.tsx';
import { doorsLike } from './pick-model.ts';
import './pick.css';

/** Doors offered at once; with more the person types one more digit. */
const SHOWN = 12;
const RECENT = 6;

type Door = DoorCell & DoorAddress;

/** Every door of my buildings, read once: the building faces hold them all. */
function useDoors(): Door[] {
  const doors = useSignal<Door[]>([]);
  useEffect(() => {
    const read = async (): Promise<void> => {
      const rows = await bridge.call('buildings');
      const faces = await Promise.all(rows.map((row) => bridge.call('building_face', { building: row.building })));
      doors.value = faces.flatMap((face) => (
        face.floors.flatMap((floor) => floor.doors.map((door) => ({ ...door, building: face.building })))
      ));
    };
    // Without doors the lists below are empty and the way by the buildings stays open.
    read().catch(() => undefined);
  }, []);
  return doors.value;
}

export function PickPage() {
  const typed = useSignal('');
  const doors = useDoors();
  const words = messages.value.pick;
  const found = doorsLike(doors, typed.value);
  return (
    <div class="page">
      <PageHead title={words.title} />
      <search>
        <label class="section-title" for="door-search">{words.search}</label>
        <input
          id="door-search"
          type="search"
          inputMode="numeric"
          enterkeyhint="go"
          autocomplete="off"
          onInput={(event) => { typed.value = event.currentTarget.value; }}
        />
      </search>
      <div aria-live="polite">
        {typed.value.trim() && found.length === 0 && <p class="section second">{words.none}</p>}
        {found.length > SHOWN && <p class="section second">{words.many(found.length)}</p>}
      </div>
      {found.length > 0 && <ul class="lines">{found.slice(0, SHOWN).map((door) => <li key={door.id}><DoorLine door={door} /></li>)}</ul>}
      {!typed.value.trim() && <Elsewhere doors={doors} />}
    </div>
  );
}

function DoorLine({ door }: { door: Door }) {
  return (
    <a class="line-link pick-line" href={`/visit/new/${door.id}`} data-replace="">
      <WindowSign light={door.light} alone />
      <strong class="number">{shortAddress(door)}</strong>
      <Onward />
    </a>
  );
}

function Elsewhere({ doors }: { doors: readonly Door[] }) {
  const words = messages.value;
  const visits = useAnswer('my_visits', { limit: 40 }).value.value ?? [];
  const buildings = useAnswer('buildings', undefined).value.value ?? [];
  const recent = [...new Set(visits.map((visit) => visit.door.id))]
    .flatMap((id) => doors.filter((door) => door.id === id)).slice(0, RECENT);
  return (
    <>
      {recent.length > 0 && (
        <section class="section">
          <h2 class="section-title">{words.pick.recent}</h2>
          <ul class="lines">{recent.map((door) => <li key={door.id}><DoorLine door={door} /></li>)}</ul>
        </section>
      )}
      <section class="section">
        <h2 class="section-title">{words.pick.buildings}</h2>
        <ul class="lines">
          {buildings.map((row) => (
            <li key={row.building}>
              <a class="line-link pick-line" href={buildingPath(row.building)}>
                <strong>{words.address.building(row.building)}</strong>
                <Onward />
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

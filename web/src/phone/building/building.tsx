// The building face: floors from the top down, doors across, each a window that is a link to its door.

import { useRef } from 'preact/hooks';
import type { BuildingFace, DoorCell, Light } from '../../bridge/types.ts';
import { useAnswer } from '../../app/answers.ts';
import { codeText } from '../../app/codes.ts';
import { EmptyState, ErrorSentence, PageHead, Reading } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { isInCare } from '../care.ts';
import { CareSign, UnsentSign, WindowSign } from '../facade/window-sign.tsx';
import { columnsOf, countsOf, doorsByUnit, windowSentence, type Counts } from './building-model.ts';
import './building.css';

export function BuildingPage({ building }: { building: string }) {
  const { value: face, error } = useAnswer('building_face', { building }).value;
  const words = messages.value;
  const empty = face !== undefined && face.floors.length === 0;
  return (
    <>
      <div class="dusk on-dusk face-scene">
        <PageHead title={words.address.building(building)} up={{ href: '/', text: words.home.title }} />
        {face && !empty && <FaceSummary counts={countsOf(face)} />}
        {face && !empty && <Face face={face} />}
      </div>
      <div class="page">
        <ErrorSentence error={error} />
        {!face && !error && <Reading />}
        {empty && <EmptyState title={words.building.emptyTitle}><p>{words.building.empty}</p></EmptyState>}
        {face && !empty && <FaceLegend counts={countsOf(face)} />}
      </div>
    </>
  );
}

function FaceSummary({ counts }: { counts: Counts }) {
  const words = messages.value;
  return <p class="dusk-line">{words.home.street(counts.lit, counts.doors)}</p>;
}

/** The wall with its windows, under its roof and over its entrances. */
function Face({ face }: { face: BuildingFace }) {
  const columns = columnsOf(face);
  const words = messages.value;
  const now = Date.now();
  const roof = useRef<HTMLDivElement>(null);
  return (
    <div class={face.floors.length > 12 ? 'face-tall' : undefined}>
      <div ref={roof} class="face-roof" aria-hidden="true">
        <div class="face face-row">
          {face.units.map((unit, index) => (
            <div key={unit} class="face-unit" style={{ '--columns': columns[index] }}>
              <span class="face-hut">{words.address.unit(unit)}</span>
            </div>
          ))}
        </div>
      </div>
      {/* The roof stays in sight while floors scroll beneath it, so it is a box of its own that follows sideways. */}
      <div class="face-scroll" onScroll={(event) => { if (roof.current) roof.current.scrollLeft = event.currentTarget.scrollLeft; }}>
        <ol class="face face-wall">
          {face.floors.map((floor) => (
            <li key={floor.floor} class="face-row face-floor">
              <h2 class="face-floor-name">
                <span aria-hidden="true">{floor.floor}</span>
                <span class="visually-hidden">{words.building.floorDoors(floor.floor)}</span>
              </h2>
              {doorsByUnit(floor.doors, face.units).map((doors, index) => (
                <ul
                  key={face.units[index]}
                  class="face-unit"
                  style={{ '--columns': columns[index] }}
                  aria-label={words.address.unit(face.units[index] ?? '')}
                >
                  {doors.map((door) => <li key={door.id}><Window door={door} now={now} /></li>)}
                </ul>
              ))}
            </li>
          ))}
        </ol>
        <div class="face face-row face-base" aria-hidden="true">
          {face.units.map((unit, index) => (
            <div key={unit} class="face-unit" style={{ '--columns': columns[index] }}><span class="face-entrance" /></div>
          ))}
        </div>
      </div>
    </div>
  );
}

function Window({ door, now }: { door: DoorCell; now: number }) {
  return (
    <a class={`window window-${door.light}`} href={`/door/${door.id}`} aria-label={windowSentence(door, now, messages.value, codeText)}>
      <span class="window-name">{door.label}</span>
      <span class="window-signs">{isInCare(door.tags) && <CareSign />}{door.unsent && <UnsentSign />}</span>
    </a>
  );
}

const LIGHTS: readonly Light[] = ['lit', 'due', 'dark'];

/** The legend is the count: each sign, its words and how many there are. */
function FaceLegend({ counts }: { counts: Counts }) {
  const words = messages.value;
  return (
    <section class="section face-legend" aria-label={words.building.legend}>
      <ul>
        {LIGHTS.map((light) => (
          <li key={light}><WindowSign light={light} /><span>{words.lights[light]}</span><b class="number">{counts[light]}</b></li>
        ))}
        <li><CareSign /><span>{words.building.care}</span><b class="number">{counts.care}</b></li>
        <li><UnsentSign /><span>{words.building.unsent}</span><b class="number">{counts.unsent}</b></li>
      </ul>
    </section>
  );
}

// Home: the street of my buildings at dusk, then the same buildings as a list with their numbers.

import type { BuildingRow, Light } from '../../bridge/types.ts';
import { identity, useAnswer } from '../../app/answers.ts';
import { EmptyState, ErrorSentence, Onward, PageHead, Reading } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { buildingPath } from '../address.ts';
import { DraftLines } from '../drafts/draft-lines.tsx';
import { UnsentSign, WindowSign } from '../facade/window-sign.tsx';
import { lowerHalves, outlineOf, totalsOf } from './home-model.ts';
import './home.css';

export function HomePage() {
  const { value: rows, error } = useAnswer('buildings', undefined).value;
  const words = messages.value;
  const who = identity.value;
  const grids = who?.feeds.filter((feed) => feed.kind === 'grid').map((feed) => feed.name) ?? [];
  return (
    <>
      <div class="dusk on-dusk street">
        <PageHead title={[who?.community.name, ...grids].filter(Boolean).join(' ')} />
        {rows && rows.length > 0 && <p class="dusk-line">{street(rows)}</p>}
        {rows && rows.length > 0 && <Street rows={rows} />}
      </div>
      <div class="page">
        <ErrorSentence error={error} />
        {!rows && !error && <Reading />}
        <DraftLines title={words.home.drafts} />
        {rows?.length === 0 && <EmptyState title={words.home.emptyTitle}><p>{words.home.empty}</p></EmptyState>}
        {rows && rows.length > 0 && (
          <section class="section" aria-label={words.home.title}>
            <ul class="lines">{rows.map((row) => <BuildingLine key={row.building} row={row} />)}</ul>
          </section>
        )}
      </div>
    </>
  );
}

function street(rows: readonly BuildingRow[]): string {
  const totals = totalsOf(rows);
  return messages.value.home.street(totals.lit, totals.doors);
}

/** The picture. Everything in it is said again by the list below, so readers and keyboards skip it. */
function Street({ rows }: { rows: readonly BuildingRow[] }) {
  return (
    <div class="skyline" aria-hidden="true">
      <div class="skyline-row">
        {rows.map((row) => <MiniBuilding key={row.building} building={row.building} />)}
      </div>
    </div>
  );
}

function MiniBuilding({ building }: { building: string }) {
  const { value: face } = useAnswer('building_face', { building }).value;
  if (!face || face.floors.length === 0) return null;
  const { width, height, huts, paths } = outlineOf(face);
  return (
    <a
      class="mini"
      href={buildingPath(building)}
      tabIndex={-1}
      style={{ flexGrow: width, flexBasis: 0, maxWidth: `${width * 2.2}px`, minWidth: `${width * 0.7}px` }}
    >
      <svg viewBox={`0 -5 ${width} ${height + 5}`}>
        {huts.map((middle) => <rect key={middle} class="mini-wall" x={middle - 4} y="-4" width="8" height="5" />)}
        <rect class="mini-wall" width={width} height={height} />
        <path class="mini-dark" d={paths.dark + paths.due} />
        <path class="mini-due" d={lowerHalves(paths.due)} />
        <path class="mini-lit" d={paths.lit} />
      </svg>
      <span class="mini-name number">{building}</span>
    </a>
  );
}

const LIGHTS: readonly Light[] = ['lit', 'due', 'dark'];

function BuildingLine({ row }: { row: BuildingRow }) {
  const words = messages.value;
  return (
    <li>
      <a class="line-link building-line" href={buildingPath(row.building)}>
        <span class="building-name">{words.address.building(row.building)}</span>
        <span class="building-shape small second">
          {words.home.doors(row.doors)} · {words.home.shape(row.units, row.floors)}
        </span>
        <span class="building-counts small number">
          {LIGHTS.map((light) => row[light] > 0 && (
            <span key={light}><WindowSign light={light} alone /> {row[light]}</span>
          ))}
          {row.unsent > 0 && <span class="building-unsent"><UnsentSign /> {words.home.unsent(row.unsent)}</span>}
        </span>
        <Onward />
      </a>
    </li>
  );
}

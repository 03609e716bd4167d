// The list of doors: who lives there, when it was last seen, and the way to its visits. Per door, never per worker.

import { useRef } from 'preact/hooks';
import { EmptyState, ErrorSentence, TagChips } from '../../app/components/index.ts';
import { codeText } from '../../app/codes.ts';
import { language, messages } from '../../app/i18n/index.ts';
import { navigate, query } from '../../app/router.ts';
import { agoText } from '../../app/time.ts';
import { useKeptPlace } from '../kept-place.ts';
import { ListScroll } from '../list-scroll.tsx';
import { words } from '../messages/index.ts';
import type { DoorAnswer } from '../model/answers.ts';
import {
  SEEN_STATES, countFilters, doorQuery, readDoorFilters, writeDoorFilters, writeVisitFilters, type DoorFilters,
} from '../model/filters.ts';
import { doorName } from '../model/words.ts';
import { readAgain, useLongList } from '../reading.ts';
import { ChoiceFilter, Fold, TextFilter } from '../visits/filter-bar.tsx';
import { buildingChoices, codeChoices, gridChoices } from '../visits/visit-filters.tsx';
import { More } from '../visits/visits-page.tsx';

export function DoorsPage() {
  const text = words.value;
  const filters = readDoorFilters(query.value);
  const { reading, more } = useLongList<DoorAnswer>(
    writeDoorFilters(filters), (offset, limit) => `/api/desk/doors${doorQuery(filters, offset, limit)}`, (row) => row.id,
  );
  const list = reading.value.value;
  const scroller = useRef<HTMLDivElement>(null);
  useKeptPlace(scroller, list?.rows ?? []);
  return (
    <div class="visits">
      <div class="list-head">
        <div class="section-line">
          <h1>{text.titles.doors}</h1>
          {list && <p class="total number" role="status">{text.totalDoors(list.total.toLocaleString(language.value))}</p>}
          {countFilters(filters) > 0 && <a href="/doors" data-replace>{text.filters.clear}</a>}
        </div>
        <DoorFilterBar filters={filters} />
        <ErrorSentence error={reading.value.error} onAgain={readAgain} />
      </div>
      <ListScroll label={text.titles.doors} box={scroller}>
        {list?.rows.length === 0 && <EmptyState title={text.none.doors}><p>{text.none.doorsHint}</p></EmptyState>}
        {list && list.rows.length > 0 && <DoorTable rows={list.rows} />}
        <More list={list} onMore={more} />
      </ListScroll>
    </div>
  );
}

function DoorFilterBar({ filters }: { filters: DoorFilters }) {
  const text = words.value;
  const active = countFilters(filters);
  const set = (change: Partial<DoorFilters>): void =>
    navigate(`/doors${writeDoorFilters({ ...filters, ...change })}`, { replace: true });
  return (
    <Fold summary={active === 0 ? text.filters.title : `${text.filters.title} · ${text.filters.active(active)}`}>
      <search class="filters">
        <ChoiceFilter label={text.filters.grid} value={filters.grid} choices={gridChoices()} onChange={(grid) => set({ grid })} />
        <ChoiceFilter label={text.filters.building} value={filters.building} choices={buildingChoices()}
          onChange={(building) => set({ building })} />
        <ChoiceFilter label={text.filters.tag} value={filters.tag} choices={codeChoices('tags')} onChange={(tag) => set({ tag })} />
        <ChoiceFilter label={text.filters.seen} value={filters.seen}
          choices={SEEN_STATES.map((value) => ({ value, text: text.seen[value] ?? value }))} onChange={(seen) => set({ seen })} />
        <TextFilter label={text.filters.text} hint={text.filters.doorHint} value={filters.text} onChange={(words) => set({ text: words })} />
      </search>
    </Fold>
  );
}

function DoorTable({ rows }: { rows: readonly DoorAnswer[] }) {
  const columns = words.value.columns;
  return (
    <table class="rows door-rows">
      <caption class="visually-hidden">{words.value.titles.doors}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.door}</th>
          <th scope="col" class="col-seen">{columns.lastVisit}</th>
          <th scope="col" class="col-outcome">{columns.outcome}</th>
          <th scope="col" class="col-plan">{columns.plan}</th>
          <th scope="col" class="col-tags">{columns.tags}</th>
          <th scope="col" class="col-persons">{columns.persons}</th>
        </tr>
      </thead>
      <tbody>{rows.map((row) => <DoorLine key={row.id} row={row} />)}</tbody>
    </table>
  );
}

function DoorLine({ row }: { row: DoorAnswer }) {
  const text = words.value.doors;
  const { summary, last_visit } = row;
  const seen = last_visit?.at === undefined ? text.never : agoText(last_visit.at, Date.now(), messages.value);
  const outcome = codeText('outcomes', last_visit?.outcome ?? '');
  const name = doorName(summary);
  const persons = (summary.persons ?? []).map((person) => person.name).join(messages.value.app.listSeparator);
  return (
    <tr data-row={row.id}>
      <th scope="row" class="col-door">
        <a class="row-link" href={`/visits${writeVisitFilters({ door: row.id })}`} aria-label={text.open(name)}>{name}</a>
        <span class="row-under">{[seen, outcome].filter(Boolean).join(' · ')}</span>
      </th>
      <td class={last_visit?.at === undefined ? 'col-seen third' : 'col-seen'}>{seen}</td>
      <td class="col-outcome">{outcome}</td>
      <td class="col-plan">{summary.plan?.interval_days === undefined ? '' : text.every(summary.plan.interval_days)}</td>
      <td class="col-tags"><TagChips codes={summary.tags ?? []} /></td>
      <td class="col-persons"><span class="one-line">{persons}</span></td>
    </tr>
  );
}

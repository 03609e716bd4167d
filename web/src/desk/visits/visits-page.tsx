// The list of visits over all of them, and one visit opened beside it. Filters and opened visit are in the address.

import { useRef } from 'preact/hooks';
import { Button, EmptyState, ErrorSentence } from '../../app/components/index.ts';
import { language } from '../../app/i18n/index.ts';
import { navigate, query } from '../../app/router.ts';
import { useKeptPlace } from '../kept-place.ts';
import { ListScroll } from '../list-scroll.tsx';
import { words } from '../messages/index.ts';
import type { VisitAnswer } from '../model/answers.ts';
import { readVisitFilters, visitQuery, writeVisitFilters, type VisitFilters } from '../model/filters.ts';
import { doorName } from '../model/words.ts';
import type { List } from '../model/pages.ts';
import { readAgain, useLongList } from '../reading.ts';
import { VisitPane } from '../visit/visit-pane.tsx';
import { useRowKeys } from './row-keys.ts';
import { VisitFilterBar } from './visit-filters.tsx';
import { VisitTable } from './visit-table.tsx';

const idOf = (row: VisitAnswer): string => row.id;

export function VisitsPage({ opened }: { opened: string | undefined }) {
  const text = words.value;
  const filters = readVisitFilters(query.value);
  const filter = writeVisitFilters(filters);
  const { reading, more } = useLongList<VisitAnswer>(
    filter, (offset, limit) => `/api/desk/visits${visitQuery(filters, offset, limit)}`, idOf,
  );
  const list = reading.value.value;
  const rows = list?.rows ?? [];
  const scroller = useRef<HTMLDivElement>(null);
  useKeptPlace(scroller, rows);
  useRowKeys(rows.map(idOf), opened, filter);
  const here = opened === undefined ? '/visits' : `/visits/${opened}`;
  const apply = (next: VisitFilters): void => navigate(here + writeVisitFilters(next), { replace: true });
  return (
    <div class={opened === undefined ? 'visits' : 'visits visits-split'}>
      <div class="list-head">
        <div class="section-line">
          <h1>{text.titles.visits}</h1>
          {list && <p class="total number" role="status">{text.total(list.total.toLocaleString(language.value))}</p>}
          {filter !== '' && <a href={here} data-replace>{text.filters.clear}</a>}
        </div>
        <VisitFilterBar filters={filters} door={doorName(rows[0]?.door)} onChange={apply} />
        <ErrorSentence error={reading.value.error} onAgain={readAgain} />
      </div>
      <ListScroll label={text.titles.visits} box={scroller}>
        {list && rows.length === 0 && <EmptyState title={text.none.visits}><p>{text.none.visitsHint}</p></EmptyState>}
        {rows.length > 0 && <VisitTable rows={rows} opened={opened} filter={filter} />}
        <More list={list} onMore={more} />
      </ListScroll>
      {opened !== undefined && (
        <VisitPane key={opened} visit={opened} filter={filter} arrived={rows.find((row) => row.id === opened)} />
      )}
    </div>
  );
}

/** The rest of a long list, a page at a time. */
export function More<Row>({ list, onMore }: { list: List<Row> | undefined; onMore(): void }) {
  if (!list || list.rows.length >= list.total) return null;
  return <Button class="more" tone="quiet" onClick={onMore}>{words.value.more(list.total - list.rows.length)}</Button>;
}

// The first page of the desk: the numbers, the windows of every building, and what arrived last.

import '../../look/desk-overview.css';
import { ErrorSentence } from '../../app/components/index.ts';
import { language } from '../../app/i18n/index.ts';
import { words } from '../messages/index.ts';
import type { Numbers, Page, VisitAnswer } from '../model/answers.ts';
import { visitQuery, readVisitFilters } from '../model/filters.ts';
import { numberCells } from '../model/numbers.ts';
import { readAgain, useRoute, type Reading } from '../reading.ts';
import { VisitTable } from '../visits/visit-table.tsx';
import { Skyline } from './skyline.tsx';

/** How many of the latest visits stand on the first page. */
const LATEST = 12;

export function OverviewPage({ numbers }: { numbers: Reading<Numbers> }) {
  const text = words.value;
  const query = visitQuery(readVisitFilters(''), 0, LATEST);
  const latest = useRoute<Page<VisitAnswer>>(`/api/desk/visits${query}`).value;
  return (
    <div class="overview">
      <h1 class="visually-hidden">{text.titles.overview}</h1>
      <div class="evening on-dusk">
        <ErrorSentence error={numbers.error} onAgain={readAgain} />
        {numbers.value && <NumberRow numbers={numbers.value} />}
        {numbers.value && <Skyline numbers={numbers.value} />}
      </div>
      <section class="latest">
        <div class="section-line">
          <h2>{text.latest}</h2>
          <a href="/visits">{text.latestAll}</a>
        </div>
        {latest.value && <VisitTable rows={latest.value.rows} opened={undefined} filter="" />}
      </section>
    </div>
  );
}

function NumberRow({ numbers }: { numbers: Numbers }) {
  return (
    <section aria-label={words.value.titles.overview}>
      <ul class="numbers">
        {numberCells(numbers).map((cell) => (
          <li key={cell.name}>
            <a href={cell.opens} class={cell.calls ? 'number-cell calls' : 'number-cell'}>
              <strong class="number">{cell.value.toLocaleString(language.value)}</strong>
              <span>{words.value.numbers[cell.name]}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

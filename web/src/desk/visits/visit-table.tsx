// The list of visits: a frozen head, one line a visit, newest arrival first.

import { TagChips } from '../../app/components/index.ts';
import { codeText } from '../../app/codes.ts';
import { messages } from '../../app/i18n/index.ts';
import { momentText } from '../../app/time.ts';
import { directory } from '../directory.ts';
import { looked } from '../looked.ts';
import { words } from '../messages/index.ts';
import type { VisitAnswer } from '../model/answers.ts';
import { isFresh } from '../model/fresh.ts';
import { doorName, personName } from '../model/words.ts';

interface VisitTableProps {
  rows: readonly VisitAnswer[];
  opened: string | undefined;
  /** The filter's query, kept in every link so that opening a visit does not lose the list. */
  filter: string;
}

export function VisitTable({ rows, opened, filter }: VisitTableProps) {
  const columns = words.value.columns;
  return (
    <table class="rows visit-rows">
      <caption class="visually-hidden">{words.value.titles.visits}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.door}</th>
          <th scope="col" class="col-at">{columns.at}</th>
          <th scope="col" class="col-by">{columns.by}</th>
          <th scope="col" class="col-purpose">{columns.purpose}</th>
          <th scope="col" class="col-outcome">{columns.outcome}</th>
          <th scope="col" class="col-note">{columns.note}</th>
          <th scope="col" class="col-tags">{columns.tags}</th>
          <th scope="col" class="col-review">{columns.review}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => <VisitLine key={row.id} row={row} opened={row.id === opened} filter={filter} />)}
      </tbody>
    </table>
  );
}

function VisitLine({ row, opened, filter }: { row: VisitAnswer; opened: boolean; filter: string }) {
  const text = words.value;
  const { summary } = row;
  const at = summary.at === undefined ? '' : momentText(summary.at, Date.now(), messages.value);
  const outcome = codeText('outcomes', summary.outcome ?? '');
  const by = personName(directory.value, summary.by) ?? '';
  const state = summary.review?.state ?? 'waiting';
  const disputed = (summary.conflicts?.length ?? 0) > 0;
  return (
    <tr class={opened ? 'opened' : undefined} data-row={row.id}>
      <th scope="row" class="col-door">
        <a class="row-link" href={`/visits/${row.id}${filter}`} aria-current={opened ? 'true' : undefined}>
          {doorName(row.door) || text.tray.unknownDoor}
        </a>
        {isFresh(looked.value, row) && <span class="fresh">{text.fresh}</span>}
        <span class="row-under">
          {[outcome, by, at].filter(Boolean).join(' · ')}
          {disputed && <span class="two-values">{text.conflict}</span>}
        </span>
        <span class="row-under one-line">{summary.note}</span>
      </th>
      <td class="col-at number">{at}</td>
      <td class="col-by">{by}</td>
      <td class="col-purpose">{codeText('purposes', summary.purpose ?? '')}</td>
      <td class="col-outcome">
        {outcome}
        {disputed && <span class="two-values">{text.conflict}</span>}
      </td>
      <td class="col-note"><span class="one-line">{summary.note}</span></td>
      <td class="col-tags"><TagChips codes={row.door?.tags ?? []} /></td>
      <td class={`col-review state-${state}`}>{messages.value.reviewStates[state] ?? state}</td>
    </tr>
  );
}

// To do: what is half written, then the doors whose day has come. Each row says who, what for, and how long there is.

import { useSignal } from '@preact/signals';
import type { DueRow } from '../../bridge/types.ts';
import { useAnswer } from '../../app/answers.ts';
import { codeText } from '../../app/codes.ts';
import { Button, EmptyState, ErrorSentence, PageHead, Reading, Segmented, TagChips } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { dueText } from '../../app/time.ts';
import { shortAddress } from '../address.ts';
import { DraftLines } from '../drafts/draft-lines.tsx';
import { WindowSign } from '../facade/window-sign.tsx';
import { VisitLine } from '../visit/visit-line.tsx';
import { askedBackOf, groupsOf, type Group, type Order, type TimeGroup } from './todo-model.ts';
import './todo.css';

export function TodoPage() {
  const { value: rows, error } = useAnswer('due', undefined).value;
  const order = useSignal<Order>('time');
  const words = messages.value.todo;
  return (
    <div class="page">
      <PageHead title={words.title} />
      <ErrorSentence error={error} />
      {!rows && !error && <Reading />}
      <DraftLines title={words.drafts} />
      <AskedBack />
      {rows?.length === 0 && <EmptyState title={words.emptyTitle}><p>{words.empty}</p></EmptyState>}
      {rows && rows.length > 0 && (
        <>
          <div class="section">
            <Segmented
              name="order"
              legend={words.order}
              legendHidden
              options={[{ value: 'time', text: words.byTime }, { value: 'place', text: words.byPlace }]}
              value={order.value}
              onChoose={(value) => { order.value = value; }}
            />
          </div>
          {groupsOf(rows, order.value).map((group) => <TodoGroup key={`${order.value} ${group.name}`} group={group} order={order.value} />)}
        </>
      )}
    </div>
  );
}

/** How far back a visit that was given back is looked for. */
const MY_VISITS = 200;

/** What a supervisor asked for stands before the doors: somebody waits for it. */
function AskedBack() {
  const visits = askedBackOf(useAnswer('my_visits', { limit: MY_VISITS }).value.value ?? []);
  if (visits.length === 0) return null;
  return (
    <section class="section">
      <h2 class="section-title">{messages.value.todo.askedBack}</h2>
      <ul class="lines">{visits.map((visit) => <li key={visit.id}><VisitLine visit={visit} withDoor /></li>)}</ul>
    </section>
  );
}

/** Rows shown at first, and more with each press: a phone need not draw four hundred lines at once. */
const STEP = 30;

function TodoGroup({ group, order }: { group: Group; order: Order }) {
  const limit = useSignal(STEP);
  const words = messages.value;
  const shown = group.rows.slice(0, limit.value);
  const rest = group.rows.length - shown.length;
  const title = order === 'place' ? words.address.building(group.name) : words.todo[group.name as TimeGroup];
  return (
    <section class="section">
      <h2 class="todo-title">{title} <span class="number second">{group.rows.length}</span></h2>
      <ul class="lines">{shown.map((row) => <li key={row.door.id}><DueLine row={row} /></li>)}</ul>
      {rest > 0 && <Button tone="quiet" onClick={() => { limit.value += STEP; }}>{words.todo.more(rest)}</Button>}
    </section>
  );
}

function DueLine({ row }: { row: DueRow }) {
  const never = row.days_left === undefined;
  return (
    <a class="line-link due-line" href={`/door/${row.door.id}`}>
      <WindowSign light={never ? 'dark' : 'due'} />
      <span class="due-who"><strong class="number">{shortAddress(row.door)}</strong> {row.persons[0]}</span>
      <span class={`due-days number ${(row.days_left ?? 0) < 0 ? 'due-over' : 'second'}`}>
        {never ? '' : dueText(row.days_left, messages.value)}
      </span>
      <span class="due-why small second">
        {row.purpose && <span>{codeText('purposes', row.purpose)}</span>}
        <TagChips codes={row.tags} />
      </span>
    </a>
  );
}

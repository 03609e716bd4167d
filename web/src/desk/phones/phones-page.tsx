// The phones of the community: when each was last heard from, and whether its clock is right. In name order.

import { EmptyState, ErrorSentence } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { recentText } from '../../app/time.ts';
import { ListScroll } from '../list-scroll.tsx';
import { words } from '../messages/index.ts';
import type { Phone } from '../model/answers.ts';
import { clockState, type ClockState } from '../model/clock.ts';
import { phoneState, type PhoneState } from '../model/phones.ts';
import { inNameOrder } from '../model/words.ts';
import { readAgain, useRoute } from '../reading.ts';

interface PhonesAnswer {
  as_of: number;
  rows: Phone[];
}

export function PhonesPage() {
  const text = words.value;
  const { value, error } = useRoute<PhonesAnswer>('/api/desk/phones').value;
  return (
    <div class="visits">
      <div class="list-head">
        <h1>{text.titles.phones}</h1>
        <p class="second">{text.phones.hint} <a href="/rescue">{messages.value.rescue.importTitle}</a></p>
        <ErrorSentence error={error} onAgain={readAgain} />
      </div>
      <ListScroll label={text.titles.phones}>
        {value?.rows.length === 0 && <EmptyState title={text.none.phones}><p>{text.none.phonesHint}</p></EmptyState>}
        {value && value.rows.length > 0 && <PhoneTable rows={value.rows} asOf={value.as_of} />}
      </ListScroll>
    </div>
  );
}

function PhoneTable({ rows, asOf }: { rows: readonly Phone[]; asOf: number }) {
  const phones = inNameOrder(rows.map((phone) => ({ ...phone, name: phone.person.name })));
  const columns = words.value.columns;
  return (
    <table class="rows phone-rows">
      <caption class="visually-hidden">{words.value.titles.phones}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.phone}</th>
          <th scope="col">{columns.state}</th>
          <th scope="col">{columns.lastExchange}</th>
          <th scope="col" class="col-clock">{columns.clock}</th>
          <th scope="col" class="col-version">{columns.version}</th>
        </tr>
      </thead>
      <tbody>
        {phones.map((phone) => <PhoneLine key={phone.device} phone={phone} state={phoneState(phone.last_exchange_at, asOf)} />)}
      </tbody>
    </table>
  );
}

function PhoneLine({ phone, state }: { phone: Phone; state: PhoneState }) {
  const text = words.value.phones;
  const heard = phone.last_exchange_at;
  return (
    <tr data-row={phone.device}>
      <th scope="row"><a href={`/lost?device=${phone.device}`} title={messages.value.lost.ofDevice}>{phone.person.name || words.value.person.unknown}</a></th>
      <td class={`phone-${state}`}>{text.states[state]}</td>
      <td class="number">{heard === undefined ? '' : recentText(heard, Date.now(), messages.value)}</td>
      <td class="col-clock number">{clockText(clockState(phone.clock_error_ms))}</td>
      <td class="col-version number">{phone.app_version ?? ''}</td>
    </tr>
  );
}

function clockText(state: ClockState): string {
  const text = words.value.phones;
  if (state.kind === 'unknown') return text.clockUnknown;
  if (state.kind === 'good') return text.clockGood;
  const amount = text[state.unit](state.count);
  return state.kind === 'ahead' ? text.clockAhead(amount) : text.clockBehind(amount);
}

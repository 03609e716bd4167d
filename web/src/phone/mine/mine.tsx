// Me: what has reached the office and what has not, first and large; then my latest visits and how this phone stands.

import { useSignal } from '@preact/signals';
import type { Refusal, Status, TrayItem } from '../../bridge/types.ts';
import { bridge, identity, refusalOf, status, useAnswer } from '../../app/answers.ts';
import { Button, ErrorSentence, Mark, Onward, PageHead, TimeText } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { shortAddress } from '../address.ts';
import { isDisowned } from '../enrol/enrol-model.ts';
import { isOverdue } from '../rescue/rescue-model.ts';
import { VisitLine } from '../visit/visit-line.tsx';
import { Device } from './device.tsx';
import { Screen } from './screen.tsx';
import { Leave } from './leave.tsx';
import { failureOf, stateOf } from './mine-model.ts';
import './mine.css';

const RECENT_VISITS = 10;

export function MinePage() {
  const words = messages.value.mine;
  const who = identity.value;
  const now = status.value;
  return (
    <div class="page">
      <PageHead title={who?.person.name ?? words.title} />
      <p class="second">{[who?.community.name, ...(who?.feeds ?? []).filter((feed) => feed.kind === 'grid').map((feed) => feed.name)].join(' ')}</p>
      {now && <Exchange status={now} />}
      {now?.update_ready && <UpdateReady />}
      {now && now.held.length > 0 && <HeldItems items={now.held} />}
      <Recent />
      {now && <Device status={now} />}
      <Screen />
      <p class="section"><a class="line-link mine-about" href="/rescue">{messages.value.rescue.link}<Onward /></a></p>
      <p><a class="line-link mine-about" href="/about">{words.about}<Onward /></a></p>
      {now && <Leave status={now} />}
    </div>
  );
}

/** The one large sentence: is it all there, or how many wait, safely. */
function Exchange({ status: now }: { status: Status }) {
  const words = messages.value.mine;
  const error = useSignal<Refusal | undefined>(undefined);
  const asked = useSignal(false);
  const exchange = async (): Promise<void> => {
    error.value = undefined;
    asked.value = false;
    try {
      status.value = await bridge.call('exchange');
      asked.value = true;
    } catch (thrown) {
      error.value = refusalOf(thrown);
    }
  };
  const state = stateOf(now, messages.value);
  return (
    <section class="section exchange">
      <p class="exchange-state">
        <Mark mark={state.mark} words={false} />
        <strong>{state.sentence}</strong>
      </p>
      {now.waiting > 0 && <p class="second">{words.waitingSafe}</p>}
      {isOverdue(now, Date.now()) && <p class="device-clock">{messages.value.rescue.overdue} <a href="/rescue">{messages.value.rescue.title}</a></p>}
      <ErrorSentence error={error.value ?? failureOf(now, asked.value)} />
      {isDisowned(now) && <p><a href="/enrol">{messages.value.enrol.disownedLink}</a></p>}
      <p class="exchange-line">
        <Button tone="plain" aria-disabled={now.exchanging} onClick={() => { if (!now.exchanging) void exchange(); }}>
          {now.exchanging ? words.exchanging : words.exchange}
        </Button>
        <span class="small second">
          {now.last_exchange_at === undefined ? words.neverExchanged : <>{words.last} <TimeText at={now.last_exchange_at} form="recent" /></>}
        </span>
      </p>
    </section>
  );
}

/** A new version never comes by itself; half-written visits are kept through it. */
function UpdateReady() {
  const words = messages.value.mine;
  return (
    <section class="section update">
      <p>{words.updateReady}</p>
      <Button tone="lamp" onClick={() => bridge.applyUpdate()}>{words.update}</Button>
    </section>
  );
}

function HeldItems({ items }: { items: readonly TrayItem[] }) {
  const words = messages.value;
  return (
    <section class="section">
      <h2 class="section-title">{words.mine.held}</h2>
      <p class="small second">{words.mine.heldHint}</p>
      <ul class="lines">
        {items.map((item) => (
          <li key={`${item.document} ${item.at} ${item.reason}`}>
            <a class="line-link" href={`/visit/${item.document}`}>
              <span class="held-head">
                {item.door && <strong class="number">{shortAddress(item.door)}</strong>}
                <TimeText at={item.at} />
                <Mark mark={item.status} />
              </span>
              <span class="small">{words.held[item.reason] ?? item.reason}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Recent() {
  const visits = useAnswer('my_visits', { limit: RECENT_VISITS }).value.value;
  const words = messages.value.mine;
  return (
    <section class="section">
      <h2 class="section-title">{words.recent}</h2>
      {visits?.length === 0 && <p class="second">{words.noRecent}</p>}
      <ul class="lines">{visits?.map((visit) => <li key={visit.id}><VisitLine visit={visit} withDoor /></li>)}</ul>
    </section>
  );
}

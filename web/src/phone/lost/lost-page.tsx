// After the store of this phone was cleared: what the office has, what it lacks by door and time, and what to do.

import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Refusal } from '../../bridge/types.ts';
import { bridge, identity, refusalOf, useAnswer } from '../../app/answers.ts';
import { Button, ButtonLink, EmptyState, ErrorSentence, PageHead, TimeText } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { hadOther, lost, settle } from '../../app/lost.ts';
import { navigate, query } from '../../app/router.ts';
import { lostVisits, type Last, type LostVisit } from './lost-model.ts';
import './lost.css';

const RECENT_VISITS = 50;

export function LostPage({ up }: { up: { href: string; text: string } }) {
  const words = messages.value.lost;
  const device = new URLSearchParams(query.value).get('device');
  const witness = device === null ? lost.value : undefined;
  const parcels = useAnswer('parcels', undefined).value.value ?? [];
  const mine = useAnswer('my_visits', { limit: RECENT_VISITS }).value.value ?? [];
  const about = witness
    ? { device: witness.device, changes: witness.unsent.map((item) => [item.document, item.hash]) }
    : device === null ? {} : { device };
  const { last, error, again } = useLast(about, parcels.map((parcel) => parcel.state).join());
  const isNobody = error?.code === 'not_found';
  return (
    <div class="page lost">
      <PageHead title={device === null ? words.title : words.ofDevice} up={up} />
      {device !== null && last && <p>{words.ofDeviceWhose(last.person.name)}</p>}
      {witness && <p>{words.happened(witness.person.name, witness.community)}</p>}
      {!last && !error && <p class="second">{words.asking}</p>}
      {!isNobody && <ErrorSentence error={error} onAgain={again} />}
      {isNobody && !witness && <EmptyState title={words.nothingKnown} />}
      {witness && <Visits visits={lostVisits(witness, last, parcels, mine)} isAsked={last !== undefined} />}
      {last && <AtTheOffice last={last} />}
      <p class="section"><ButtonLink href="/rescue">{words.import}</ButtonLink></p>
      {(witness || hadOther.value) && (
        <p><Button tone="quiet" onClick={() => { settle(); navigate(up.href, { replace: true }); }}>{words.settle}</Button></p>
      )}
    </div>
  );
}

/** Asks the office, and again when a file has been brought. */
function useLast(about: object, parcels: string) {
  const question = JSON.stringify(about);
  const last = useSignal<Last | undefined>(undefined);
  const error = useSignal<Refusal | undefined>(undefined);
  const ask = async (): Promise<void> => {
    error.value = undefined;
    try {
      last.value = (await bridge.call('post', { path: '/api/device/last', body: about })) as Last;
    } catch (thrown) {
      error.value = refusalOf(thrown);
    }
  };
  useEffect(() => { void ask(); }, [question, parcels, identity.value?.device]);
  return { last: last.value, error: error.value, again: () => void ask() };
}

function Visits({ visits, isAsked }: { visits: readonly LostVisit[]; isAsked: boolean }) {
  const words = messages.value.lost;
  const missing = visits.filter((visit) => visit.state === 'missing').length;
  const kept = visits.filter((visit) => visit.state === 'kept').length;
  return (
    <section class="section">
      <h2 class="section-title">{missing + kept > 0 ? words.missing(missing + kept) : isAsked ? words.noneMissing : words.unsent(visits.length)}</h2>
      {missing > 0 && <p class="small second">{words.copyGone}</p>}
      {kept > 0 && <p class="small second">{words.copyRefused}</p>}
      <ul class="lines lost-lines">
        {visits.map((visit) => (
          <li key={visit.document} class="lost-line">
            <span><strong class="number">{visit.place || words.unknownPlace}</strong> <TimeText at={visit.at} /></span>
            <span class={`lost-${visit.state}`}>{words.states[visit.state]}</span>
            {visit.state === 'missing' && visit.door !== undefined && (
              <ButtonLink href={`/visit/new/${visit.door}?at=${visit.at}`}>{words.writeAgain}</ButtonLink>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function AtTheOffice({ last }: { last: Last }) {
  const words = messages.value.lost;
  return (
    <section class="section">
      <p><strong>{words.has(last.visits)}</strong></p>
      <p>{last.last_exchange_at === undefined ? words.neverHeard : <>{words.lastHeard}<TimeText at={last.last_exchange_at} /></>}</p>
      <p class="small second">{words.onlyAsFar}</p>
      {last.newest.length > 0 && <h2 class="section-title">{words.newest}</h2>}
      <ul class="lines lost-lines">
        {last.newest.map((visit) => (
          <li key={visit.id}>
            <a class="line-link" href={`/visit/${visit.id}`}>
              <strong class="number">{visit.door ? [visit.door.building, visit.door.unit, visit.door.label].filter(Boolean).join('-') : words.unknownPlace}</strong>
              {' '}<TimeText at={visit.at ?? visit.received_at} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

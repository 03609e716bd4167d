// The card of a door, made to be read in two seconds before knocking: where, its light, when last, what to mind.

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { DoorAddress, DoorCard, Resident, VisitRow } from '../../bridge/types.ts';
import { useAnswer } from '../../app/answers.ts';
import { codeText } from '../../app/codes.ts';
import { Button, EmptyState, ErrorSentence, Reading, TagChips, TimeText, UpLink, usePageTitle } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { announce } from '../../app/live.tsx';
import { buildingPath, placeOf, shortAddress } from '../address.ts';
import { isInCare } from '../care.ts';
import { DraftLine } from '../drafts/draft-lines.tsx';
import { CareSign, UnsentSign } from '../facade/window-sign.tsx';
import { justSaved } from '../just-saved.ts';
import { VisitLine } from '../visit/visit-line.tsx';
import { householdTags, lastVisit, personLine, personsInOrder, planParts } from './door-model.ts';
import { Reveal } from './reveal.tsx';
import './door.css';

export function DoorPage({ door }: { door: string }) {
  const { value: card, error } = useAnswer('door_card', { door }).value;
  const words = messages.value.door;
  if (card) return <Card card={card} error={<ErrorSentence error={error} />} />;
  return (
    <div class="page">
      <header class="page-head"><UpLink href="/" text={messages.value.home.title} /></header>
      <ErrorSentence error={error} />
      {card === undefined && !error && <Reading />}
      {card === null && <EmptyState title={words.emptyTitle}><p>{words.empty}</p></EmptyState>}
    </div>
  );
}

function Card({ card, error }: { card: DoorCard; error: ComponentChildren }) {
  const words = messages.value.door;
  const draft = useAnswer('draft', { key: `door/${card.door.id}` }).value.value;
  const plan = planParts(card, Date.now(), messages.value, (code) => codeText('purposes', code));
  return (
    <>
      <CardHead card={card} />
      <div class="page door-page">
        {error}
        <JustSaved visits={card.visits} />
        {draft && <section class="section drafts" aria-label={words.draft}><DraftLine draft={draft} /></section>}
        {card.remarks && (
          <section class="section">
            <h2 class="section-title">{words.remarks}</h2>
            <p class="door-remarks">{card.remarks}</p>
          </section>
        )}
        <Household card={card} />
        {plan.length > 0 && (
          <section class="section">
            <h2 class="section-title">{words.plan}</h2>
            <p>{plan.join(' · ')}</p>
          </section>
        )}
        <Visits card={card} />
        <Walk card={card} />
      </div>
    </>
  );
}

/** The door plate: large number, the window as it looks from the street, and the last time somebody was seen. */
function CardHead({ card }: { card: DoorCard }) {
  const words = messages.value;
  const title = usePageTitle(shortAddress(card.door));
  const last = lastVisit(card);
  const unsent = card.visits.some((visit) => visit.mark === 'on_phone' || visit.mark === 'sending');
  return (
    <header class="dusk on-dusk plate">
      <div class="page-head"><UpLink href={buildingPath(card.door.building)} text={words.address.building(card.door.building)} /></div>
      <div class="plate-body">
        <div>
          <h1 ref={title} tabIndex={-1}>
            <span class="plate-place">{placeOf(card.door, words)}</span>{' '}
            <span class="plate-number number">{card.door.label}</span>
          </h1>
          <p class="plate-last">
            {last
              ? <>{words.door.last} <TimeText at={last.at} form="ago" /> · {codeText('outcomes', last.outcome)}</>
              : words.door.never}
          </p>
        </div>
        <div class="plate-window">
          <span class={`window window-${card.light}`} aria-hidden="true">
            <span />
            <span class="window-signs">{isInCare(card.tags) && <CareSign />}{unsent && <UnsentSign />}</span>
          </span>
          <span class="small">{words.lights[card.light]}</span>
        </div>
      </div>
    </header>
  );
}

/** What was saved a moment ago stands first, while its mark goes from the phone to the office. */
function JustSaved({ visits }: { visits: readonly VisitRow[] }) {
  useEffect(() => () => { justSaved.value = null; }, []);
  const visit = visits.find((each) => each.id === justSaved.value);
  const arrived = visit?.mark === 'on_server';
  useEffect(() => { if (arrived) announce(messages.value.marks.on_server); }, [arrived]);
  if (!visit) return null;
  return (
    <section class="section just-saved">
      <h2 class="section-title">{messages.value.door.justSaved}</h2>
      <VisitLine visit={visit} markWords />
    </section>
  );
}

function Household({ card }: { card: DoorCard }) {
  const words = messages.value.door;
  const tags = householdTags(card);
  return (
    <section class="section">
      <h2 class="section-title">{words.persons}</h2>
      <TagChips codes={tags} />
      {card.persons.length === 0 && <p class="second">{words.nobody}</p>}
      <ul class="lines persons">
        {personsInOrder(card.persons).map((person) => <li key={person.id}><Person door={card.door.id} person={person} /></li>)}
      </ul>
    </section>
  );
}

function Person({ door, person }: { door: string; person: Resident }) {
  return (
    <>
      <p class="person-head">
        <strong>{person.name}</strong>
        <span class="second number">{personLine(person, Date.now(), messages.value)}</span>
        <TagChips codes={person.tags} />
      </p>
      {person.sealed.includes('phone') && <Reveal door={door} person={person} />}
    </>
  );
}

/** Visits shown at first: enough to know the door, short enough to reach the way to the next one. */
const FIRST_VISITS = 4;

function Visits({ card }: { card: DoorCard }) {
  const all = useSignal(false);
  const words = messages.value.door;
  const shown = all.value ? card.visits : card.visits.slice(0, FIRST_VISITS);
  const more = card.visits.length - shown.length;
  return (
    <section class="section">
      <h2 class="section-title">{words.visits}</h2>
      {card.visits.length === 0 && <p class="second">{words.noVisits}</p>}
      <ul class="lines">{shown.map((visit) => <li key={visit.id}><VisitLine visit={visit} /></li>)}</ul>
      {more > 0 && <Button tone="quiet" onClick={() => { all.value = true; }}>{words.moreVisits(more)}</Button>}
    </section>
  );
}

/** The walk from the top down. Replaced, not pushed: up still leads to the building, not through every door. */
function Walk({ card }: { card: DoorCard }) {
  const words = messages.value.door;
  if (!card.previous && !card.next) return null;
  return (
    <nav class="section walk" aria-label={`${words.previous} ${words.next}`}>
      {card.previous && <WalkLink door={card.previous} text={words.previous} />}
      {card.next && <WalkLink door={card.next} text={words.next} next />}
    </nav>
  );
}

function WalkLink({ door, text, next = false }: { door: DoorAddress; text: string; next?: boolean }) {
  return (
    <a class={`button button-plain walk-link ${next ? 'walk-next' : ''}`} href={`/door/${door.id}`} data-replace="">
      <span class="small second">{text}</span> <span class="number">{door.unit ? `${door.unit}-` : ''}{door.label}</span>
    </a>
  );
}

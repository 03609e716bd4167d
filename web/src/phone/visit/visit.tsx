// One visit opened: the note with each author's words in their colour, what the supervisor said, two values where
// there are two, and how it came to be what it is.

import { useSignal } from '@preact/signals';
import type { HistoryEntry, Refusal, VisitView } from '../../bridge/types.ts';
import { bridge, identity, refusalOf, useAnswer } from '../../app/answers.ts';
import { authorsOf, type Author } from '../../app/authors.ts';
import { codeText } from '../../app/codes.ts';
import {
  AuthorLegend, ButtonLink, ConflictPair, EmptyState, ErrorSentence, fieldText, Mark, NoteRuns, PageHead, Reading, TimeText,
  valueText,
} from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { announce } from '../../app/live.tsx';
import { dateText } from '../../app/time.ts';
import { shortAddress } from '../address.ts';
import { authorsIn, fieldsText, mergeSentence } from './visit-model.ts';
import './visit.css';

export function VisitPage({ visit }: { visit: string }) {
  const { value: view, error } = useAnswer('visit', { visit }).value;
  const words = messages.value.visit;
  if (!view) {
    return (
      <div class="page">
        <PageHead title={messages.value.form.title} up={{ href: '/', text: messages.value.home.title }} />
        <ErrorSentence error={error} />
        {view === undefined && !error && <Reading />}
        {view === null && <EmptyState title={words.emptyTitle}><p>{words.empty}</p></EmptyState>}
      </div>
    );
  }
  return (
    <div class="page visit-page">
      <PageHead
        title={words.title(dateText(view.at, Date.now(), messages.value))}
        up={{ href: `/door/${view.door.id}`, text: shortAddress(view.door) || messages.value.home.title }}
      />
      <ErrorSentence error={error} />
      <Facts view={view} />
      <Held view={view} />
      <Note view={view} />
      <Conflicts view={view} />
      <Seen view={view} />
      {view.whole && <History entries={view.history} />}
    </div>
  );
}

function Facts({ view }: { view: VisitView }) {
  return (
    <div class="visit-facts">
      <p class="visit-outcome">{codeText('outcomes', view.outcome)}</p>
      <p class="second">{codeText('purposes', view.purpose)} · {view.by_name} · <TimeText at={view.at} /></p>
      <p><Mark mark={view.mark} /></p>
    </div>
  );
}

/** Not taken in, or refused: why, and that nothing is lost. */
function Held({ view }: { view: VisitView }) {
  const words = messages.value;
  if (view.mark !== 'held' && view.mark !== 'refused') return null;
  const reason = view.held_reason ? (words.held[view.held_reason] ?? view.held_reason) : '';
  return (
    <div class="error-sentence">
      <p><strong>{words.visit.heldTitle}</strong></p>
      <p>{reason}{reason && words.app.sentenceEnd}{view.mark === 'held' ? words.visit.heldSafe : words.visit.refusedSafe}</p>
    </div>
  );
}

/** The note and the supervisor's comment share their colours: one person, one colour on the page. */
function Note({ view }: { view: VisitView }) {
  const words = messages.value.visit;
  const me = identity.value?.person.id;
  const authors = authorsOf(view.runs, view.comment_runs);
  const noteAuthors = authorsIn(view.runs, authors);
  const merged = mergeSentence(noteAuthors, me, messages.value);
  return (
    <>
      <section class="section visit-note" aria-label={messages.value.form.note}>
        {!view.whole && <p class="small second">{words.partNote}</p>}
        {view.whole ? <NoteRuns runs={view.runs} authors={noteAuthors} /> : <p class="runs">{view.note}</p>}
        {view.note_chars === 0 && <p class="second">{words.noNote}</p>}
        {merged && <p class="visit-merged small">{merged}</p>}
        <AuthorLegend authors={noteAuthors} me={me} />
        {view.whole && <p class="visit-edit"><ButtonLink href={`/visit/${view.id}/edit`}>{words.edit}</ButtonLink></p>}
      </section>
      <Review view={view} authors={authors} />
    </>
  );
}

function Review({ view, authors }: { view: VisitView; authors: readonly Author[] }) {
  const words = messages.value.visit;
  const review = view.review;
  if (!review?.state && !review?.comment && view.comment_runs.length === 0) return null;
  const name = review?.by_name || messages.value.people.unknown;
  return (
    <section class="section review-words">
      <h2 class="section-title">{words.comment}</h2>
      {view.comment_runs.length > 0
        ? <NoteRuns runs={view.comment_runs} authors={authorsIn(view.comment_runs, authors)} />
        : review?.comment && <p class="runs">{review.comment}</p>}
      <p class="small second">
        {review?.state === 'asked_back' ? words.askedBack(name) : words.accepted(name)}
        {review?.at !== undefined && <> · <TimeText at={review.at} /></>}
      </p>
    </section>
  );
}

function Conflicts({ view }: { view: VisitView }) {
  const error = useSignal<Refusal | undefined>(undefined);
  if (view.conflict_values.length === 0) return null;
  const settle = async (path: string, value: string): Promise<void> => {
    error.value = undefined;
    try {
      await bridge.call('settle', { visit: view.id, path, value });
      announce(messages.value.fields.settled);
    } catch (thrown) {
      error.value = refusalOf(thrown);
    }
  };
  return (
    <div class="section">
      {view.conflict_values.map((conflict) => (
        <ConflictPair key={conflict.path} conflict={conflict} onSettle={(value) => { void settle(conflict.path, value); }} />
      ))}
      <ErrorSentence error={error.value} />
    </div>
  );
}

/** Whom one met and what one looked at. */
function Seen({ view }: { view: VisitView }) {
  const words = messages.value.visit;
  const checks = Object.entries(view.checks);
  if (view.met_names.length === 0 && checks.length === 0) return null;
  return (
    <dl class="section visit-seen">
      {view.met_names.length > 0 && <div><dt>{words.metPersons}</dt><dd>{view.met_names.join(messages.value.app.listSeparator)}</dd></div>}
      {checks.map(([code, value]) => (
        <div key={code}>
          <dt>{codeText('checks', code)}</dt>
          <dd class={value === 'problem' ? 'visit-problem' : undefined}>{valueText(`checks/${code}`, value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function History({ entries }: { entries: readonly HistoryEntry[] }) {
  const words = messages.value.visit;
  if (entries.length === 0) return null;
  return (
    <details class="section visit-history">
      <summary>{words.history(entries.length)}</summary>
      <ol class="lines">
        {entries.map((entry, index) => (
          <li key={entry.hash}>
            <p>
              {index === 0 ? words.created(entry.name) : words.wrote(entry.name, fieldsText(entry, fieldText, messages.value))}
              {' · '}<span class="second"><TimeText at={entry.at} /></span>
            </p>
            {index > 0 && entry.fields.includes('note') && <blockquote class="second" aria-label={words.noteThen}>{entries[index]?.note}</blockquote>}
          </li>
        ))}
      </ol>
    </details>
  );
}

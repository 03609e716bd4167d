// One visit opened beside the list: the merged note, what two people filled differently, how it came to be, the review.

import { useEffect, useRef, useState } from 'preact/hooks';
import { EmptyState, ErrorSentence, TagChips, fieldText, valueText } from '../../app/components/index.ts';
import { codeText } from '../../app/codes.ts';
import { messages } from '../../app/i18n/index.ts';
import { isoText, momentText } from '../../app/time.ts';
import type { VisitView } from '../../bridge/types.ts';
import { rememberLook } from '../looked.ts';
import { words } from '../messages/index.ts';
import type { VisitAnswer } from '../model/answers.ts';
import { doorName } from '../model/words.ts';
import { useVisit } from '../reading.ts';
import { Conflicts } from './conflicts.tsx';
import { History } from './history.tsx';
import { Note } from './note.tsx';
import { Verdict } from './verdict.tsx';

interface VisitPaneProps {
  visit: string;
  filter: string;
  /** The visit's line in the list beside it, when it is there. */
  arrived: VisitAnswer | undefined;
}

export function VisitPane({ visit, filter, arrived }: VisitPaneProps) {
  const text = words.value;
  const { value, error } = useVisit(visit).value;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { if (arrived) rememberLook(arrived); }, [arrived]);
  useEffect(() => {
    // On a narrow screen the list gave way to this visit, and the focus went with it.
    const holder = document.activeElement as HTMLElement | null;
    if (!holder || holder === document.body || holder.offsetParent === null) heading.current?.focus();
  }, []);
  const name = doorName(value?.door ?? arrived?.door);
  return (
    <article class="pane" aria-label={`${text.titles.visit} ${name}`}>
      <header class="pane-head">
        <h2 ref={heading} tabIndex={-1}>{name}</h2>
        <TagChips codes={arrived?.door?.tags ?? []} />
        <a class="pane-close" href={`/visits${filter}`} data-up>{text.visit.close}</a>
      </header>
      <ErrorSentence error={error} />
      {value === null && <EmptyState title={text.visit.absent}><p>{text.visit.absentHint}</p></EmptyState>}
      {value === undefined && !error && <p class="third">{text.reading}</p>}
      {value && <Opened visit={value} />}
    </article>
  );
}

function Opened({ visit }: { visit: VisitView }) {
  const text = words.value;
  const [then, setThen] = useState<string | undefined>(undefined);
  return (
    <>
      <p class="pane-facts">
        <strong>{codeText('outcomes', visit.outcome)}</strong>
        <span>{codeText('purposes', visit.purpose)}</span>
        <span>{text.visit.by(visit.by_name || text.person.unknown)}</span>
        <time class="number" dateTime={isoText(visit.at)}>
          {momentText(visit.at, Date.now(), messages.value)}
        </time>
      </p>
      {!visit.whole && <p class="row-only">{text.visit.rowOnly}</p>}
      <div class="pane-columns">
        <div class="pane-reading">
          <Conflicts visit={visit} />
          <Note visit={visit} then={visit.history.find((entry) => entry.hash === then)} onNow={() => setThen(undefined)} />
          <Checks visit={visit} />
          <Verdict visit={visit} />
        </div>
        <History entries={visit.history} chosen={then} onChoose={setThen} />
      </div>
    </>
  );
}

function Checks({ visit }: { visit: VisitView }) {
  const text = words.value.visit;
  const checks = Object.entries(visit.checks);
  if (checks.length === 0 && visit.met_names.length === 0) return null;
  return (
    <dl class="pane-list">
      {checks.map(([code, value]) => (
        <div key={code} class={value === 'problem' ? 'check-problem' : undefined}>
          <dt>{fieldText(`checks/${code}`)}</dt>
          <dd>{valueText(`checks/${code}`, value)}</dd>
        </div>
      ))}
      {visit.met_names.length > 0 && (
        <div>
          <dt>{text.met}</dt>
          <dd>{visit.met_names.join(messages.value.app.listSeparator)}</dd>
        </div>
      )}
    </dl>
  );
}

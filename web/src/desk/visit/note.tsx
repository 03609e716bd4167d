// The note: every author's words in their colour and line, who they are and when they wrote; or as it stood once.

import { NoteRuns } from '../../app/components/index.ts';
import { authorsOf } from '../../app/authors.ts';
import { messages } from '../../app/i18n/index.ts';
import { momentText } from '../../app/time.ts';
import type { AuthorRun, HistoryEntry, VisitView } from '../../bridge/types.ts';
import { words } from '../messages/index.ts';
import { authorTimes } from '../model/author-times.ts';

interface NoteProps {
  visit: VisitView;
  /** The step of the history being read, instead of the note as it stands. */
  then: HistoryEntry | undefined;
  onNow(): void;
}

export function Note({ visit, then, onNow }: NoteProps) {
  const text = words.value;
  return (
    <section class={then ? 'note note-then' : 'note'}>
      <h3>{text.visit.note}</h3>
      {then && (
        <p class="then-line">
          {text.visit.noteThen(momentText(then.at, Date.now(), messages.value), then.name || text.person.unknown)}
          {' '}
          <button type="button" class="desk-link" onClick={onNow}>{text.visit.now}</button>
        </p>
      )}
      {then ? <p class="runs">{then.note || text.none.note}</p> : <NoteNow visit={visit} />}
    </section>
  );
}

function NoteNow({ visit }: { visit: VisitView }) {
  // One person has one colour in the note and in the comment.
  const authors = authorsOf(visit.runs, visit.comment_runs);
  const wrote = authorsOf(visit.runs).map((each) => each.key);
  if (visit.runs.length === 0) return <p class="runs">{visit.note || <span class="third">{words.value.none.note}</span>}</p>;
  return (
    <>
      <NoteRuns runs={visit.runs} authors={wrote.length < 2 ? [] : authors} />
      {wrote.length < 2
        ? <AuthorTimes runs={visit.runs} />
        : <AuthorTimes runs={visit.runs} authors={authors.filter((author) => wrote.includes(author.key))} />}
    </>
  );
}

interface AuthorTimesProps {
  runs: readonly AuthorRun[];
  /** Left out: one author, and nothing to tell apart by colour. */
  authors?: ReturnType<typeof authorsOf>;
}

/** Who wrote, in their own colour, and when. */
export function AuthorTimes({ runs, authors }: AuthorTimesProps) {
  const times = authorTimes(runs);
  const now = Date.now();
  return (
    <ul class="author-times" aria-label={messages.value.people.legend}>
      {(authors ?? authorsOf(runs)).map((author) => {
        const wrote = times.get(author.key);
        return (
          <li key={author.key}>
            <span class={authors ? `author-${author.colour}` : undefined}>{author.name || words.value.person.unknown}</span>
            {wrote && <span class="number third"> {momentText(wrote.last_at, now, messages.value)}</span>}
          </li>
        );
      })}
    </ul>
  );
}


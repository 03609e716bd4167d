// The desk's word on a visit: accept it, ask back, or comment. What is typed is kept at every letter, like a note.

import { useEffect, useRef, useState } from 'preact/hooks';
import { bridge, refusalOf } from '../../app/answers.ts';
import { authorsOf } from '../../app/authors.ts';
import { Button, ErrorSentence, NoteRuns } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { announce } from '../../app/live.tsx';
import { momentText } from '../../app/time.ts';
import type { Refusal, VisitDraft, VisitView } from '../../bridge/types.ts';
import { words } from '../messages/index.ts';
import { appendComment } from '../model/comment.ts';
import { AuthorTimes } from './note.tsx';

type Verdict = 'accepted' | 'asked_back' | undefined;

export function Verdict({ visit }: { visit: VisitView }) {
  const text = words.value.verdict;
  const { typed, type } = useTyped(visit);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<Refusal | undefined>(undefined);
  const [hint, setHint] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);

  const send = async (state: Verdict): Promise<void> => {
    if (state !== 'accepted' && typed.trim() === '') {
      setHint(state === 'asked_back');
      field.current?.focus();
      return;
    }
    setSending(true);
    setError(undefined);
    setHint(false);
    try {
      await bridge.call('review', { visit: visit.id, state, comment: await commentWith(visit, typed) });
      await type('');
      announce(text.sent);
    } catch (thrown) {
      setError(refusalOf(thrown));
    }
    setSending(false);
  };

  return (
    <section class="verdict" aria-label={text.title}>
      <Standing visit={visit} />
      <label class="verdict-field">
        <span class="visually-hidden">{text.write}</span>
        <textarea ref={field} rows={2} value={typed} placeholder={text.write}
          onInput={(event) => void type(event.currentTarget.value)} />
      </label>
      {hint && <p class="verdict-hint" role="alert">{text.askBackHint}</p>}
      {error && <p class="verdict-hint" role="alert">{text.failed}</p>}
      <ErrorSentence error={error} />
      <div class="verdict-buttons">
        <Button tone="lamp" disabled={sending} onClick={() => void send('accepted')}>{text.accept}</Button>
        <Button disabled={sending} onClick={() => void send('asked_back')}>{text.askBack}</Button>
        <Button tone="quiet" disabled={sending} onClick={() => void send(undefined)}>{text.comment}</Button>
      </div>
    </section>
  );
}

/** The review and the comment as they stand. */
function Standing({ visit }: { visit: VisitView }) {
  const text = words.value.verdict;
  const { review } = visit;
  const state = review?.state ?? 'waiting';
  const said = messages.value.reviewStates[state] ?? state;
  return (
    <>
      <h3>
        <span class={`state state-${state}`}>{said}</span>
        {review?.state !== undefined && review.at !== undefined && (
          <span class="third"> {text.by(review.by_name || words.value.person.unknown, momentText(review.at, Date.now(), messages.value))}</span>
        )}
      </h3>
      {visit.comment_runs.length > 0 && (
        <div class="comments">
          <NoteRuns runs={visit.comment_runs} authors={authorsOf(visit.comment_runs).length < 2 ? [] : authorsOf(visit.runs, visit.comment_runs)} />
          <AuthorTimes runs={visit.comment_runs} />
        </div>
      )}
    </>
  );
}

/** The comment as it stands at this moment with the new words under it; nothing new leaves it as it is. */
async function commentWith(visit: VisitView, typed: string): Promise<string | undefined> {
  if (typed.trim() === '') return undefined;
  const newest = (await bridge.call('visit', { visit: visit.id })) ?? visit;
  const standing = newest.comment_runs.map((run) => run.text).join('') || newest.review?.comment || '';
  return appendComment(standing, typed);
}

/** What is being typed, kept in the same place as a note's draft, so that a closed window loses nothing. */
function useTyped(visit: VisitView): { typed: string; type(text: string): Promise<void> } {
  const key = `comment/${visit.id}`;
  const [typed, setTyped] = useState('');
  const touched = useRef(false);
  const started = useRef(Date.now());
  /** Newer with each letter, even if the clock is not. */
  const changed = useRef(0);
  useEffect(() => {
    const readDraft = async (): Promise<void> => {
      try {
        const draft = await bridge.call('draft', { key });
        if (draft && !touched.current) setTyped(draft.note);
      } catch {
        // Without the draft the field is empty, which is where a comment begins anyway.
      }
    };
    void readDraft();
  }, [key]);
  const type = async (text: string): Promise<void> => {
    touched.current = true;
    changed.current = Math.max(Date.now(), changed.current + 1);
    setTyped(text);
    if (text === '') return bridge.call('drop_draft', { key });
    const draft: VisitDraft = {
      key, door: visit.door.id, visit: visit.id, started_at: started.current, changed_at: changed.current,
      purpose: '', outcome: '', note: text, checks: {}, met: [], selection: text.length,
    };
    return bridge.call('put_draft', draft);
  };
  return { typed, type };
}

// A text with each author's words in their colour and line, and the legend that names them.

import type { AuthorRun } from '../../bridge/types.ts';
import { colourOf, joinRuns, type Author } from '../authors.ts';
import { messages } from '../i18n/index.ts';

interface NoteRunsProps { runs: readonly AuthorRun[]; authors: readonly Author[] }

/** With one author there is nothing to tell apart, and the text stays plain. */
export function NoteRuns({ runs, authors }: NoteRunsProps) {
  if (authors.length < 2) return <p class="runs">{runs.map((run) => run.text).join('')}</p>;
  return (
    <p class="runs">
      {joinRuns(runs).map((run, index) => (
        <span key={index}>
          <span class="visually-hidden">{messages.value.people.words(run.name)}</span>
          <span class={`author-${colourOf(authors, run)}`}>{run.text}</span>
        </span>
      ))}
    </p>
  );
}

/** Names in their colours; nothing when there is one author. `me` is added to one's own name. */
export function AuthorLegend({ authors, me }: { authors: readonly Author[]; me?: string }) {
  if (authors.length < 2) return null;
  return (
    <ul class="legend" aria-label={messages.value.people.legend}>
      {authors.map((author) => (
        <li key={author.key} class={`author-${author.colour}`}>
          {author.name}{author.key === me ? `（${messages.value.people.me}）` : ''}
        </li>
      ))}
    </ul>
  );
}

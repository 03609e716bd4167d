// What a visit's page says of its authors and its changes. Pure.

import type { Author } from '../../app/authors.ts';
import type { Messages } from '../../app/i18n/index.ts';
import type { AuthorRun, HistoryEntry } from '../../bridge/types.ts';

/**
 * The sentence that the words of all authors are there: `你和林秋实都改了这段，两段都在。`
 * Null with one author, for then nothing was merged.
 */
export function mergeSentence(authors: readonly Author[], me: string | undefined, messages: Messages): string | null {
  if (authors.length < 2) return null;
  const words = messages.visit;
  const others = authors.filter((author) => author.key !== me).map((author) => author.name);
  const names = others.length < authors.length ? [words.you, ...others] : others;
  const last = names.pop() ?? '';
  return words.bothKept(names.join(messages.app.listSeparator) + words.and + last);
}

/** Authors who have words in this very text, of all those of the page. */
export function authorsIn(runs: readonly AuthorRun[], authors: readonly Author[]): Author[] {
  return authors.filter((author) => runs.some((run) => (run.person ?? `name:${run.name}`) === author.key));
}

/** Words for the fields a change wrote, each once, the inner ones of review and checks by their own names. */
export function fieldsText(entry: HistoryEntry, fieldText: (path: string) => string, messages: Messages): string {
  const shown = entry.fields.filter((path) => path !== 'review/by' && path !== 'review/at' && !path.startsWith('sealed'));
  return [...new Set(shown.map(fieldText))].join(messages.app.listSeparator);
}

// How a visit came to be: every change, the newest first; choosing one shows the note as it stood after it.

import { messages } from '../../app/i18n/index.ts';
import { momentText } from '../../app/time.ts';
import type { HistoryEntry } from '../../bridge/types.ts';
import { words } from '../messages/index.ts';
import { partsOf } from '../model/words.ts';

interface HistoryProps {
  entries: readonly HistoryEntry[];
  chosen: string | undefined;
  onChoose(hash: string | undefined): void;
}

export function History({ entries, chosen, onChoose }: HistoryProps) {
  const text = words.value;
  if (entries.length === 0) return null;
  const newest = [...entries].reverse();
  return (
    <section class="history">
      <h3>{text.visit.history}</h3>
      <ol>
        {newest.map((entry) => (
          <li key={entry.hash}>
            <button type="button" aria-pressed={entry.hash === chosen} title={text.visit.historyHint}
              onClick={() => onChoose(entry.hash === chosen ? undefined : entry.hash)}>
              <span class="number third">{momentText(entry.at, Date.now(), messages.value)}</span>
              <span>{entry.name || text.person.unknown} {partsText(entry)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function partsText(entry: HistoryEntry): string {
  return partsOf(entry.fields)
    .map((part) => words.value.wrote[part] ?? words.value.wrote.other ?? part)
    .join(messages.value.app.listSeparator);
}

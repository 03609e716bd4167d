// How far a thing has travelled: ○ on the phone, ◐ on its way, ● at the office, ✓ read, ! in the tray, × refused.

import type { Mark as MarkName } from '../../bridge/types.ts';
import { messages } from '../i18n/index.ts';

interface MarkProps {
  mark: MarkName;
  /** False: only the sign is seen; the words are still there for a screen reader. */
  words?: boolean;
}

/** One ring in two halves that fill while the thing travels, so the same drawing serves all marks. */
export function Mark({ mark, words = true }: MarkProps) {
  const text = messages.value.marks[mark] ?? mark;
  return (
    <span class={`mark mark-${mark}`}>
      <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false">
        <circle class="mark-ring" cx="10" cy="10" r="8" />
        <path class="mark-half mark-first" d="M10.4 2H10a8 8 0 0 0 0 16h.4z" />
        <path class="mark-half mark-second" d="M10 2a8 8 0 0 1 0 16z" />
        {mark === 'seen' && <path class="mark-sign" d="M6 10.4 9 13.3 14.2 7" />}
        {mark === 'held' && <path class="mark-sign" d="M10 5.4v5.6M10 14.2v.1" />}
        {mark === 'refused' && <path class="mark-sign" d="M7 7l6 6M13 7l-6 6" />}
      </svg>
      <span class={words ? undefined : 'visually-hidden'}>{text}</span>
    </span>
  );
}

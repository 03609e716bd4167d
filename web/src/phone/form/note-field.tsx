// The note box. The browser owns its text while a person types: nothing here ever sets it back, so an input
// method composing a word is never disturbed. Every input is told at once, with the cursor.

import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { lists } from '../../app/codes.ts';
import { messages } from '../../app/i18n/index.ts';
import { withPhrase } from './form-model.ts';
import { foundIn } from './lint.ts';

interface NoteFieldProps {
  /** Text and cursor to begin with; later values are not looked at. */
  note: string;
  selection: number;
  /** The draft was kept from before: the cursor goes back to its place. */
  restored: boolean;
  /** The note as it is kept now, for the advice beneath the box. */
  current: string;
  onNote: (note: string, selection: number) => void;
  onSelection: (selection: number) => void;
}

/** How long a cursor may move about before its place is kept, in milliseconds. */
const CURSOR_REST_MS = 150;

export function NoteField(props: NoteFieldProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  const words = messages.value.form;
  useStartingText(box, props);
  useCursor(box, props.onSelection);

  const tell = (): void => {
    if (box.current) props.onNote(box.current.value, box.current.selectionEnd);
  };
  const addPhrase = (phrase: string): void => {
    const field = box.current;
    if (!field) return;
    const added = withPhrase(field.value, field.selectionStart, field.selectionEnd, phrase);
    field.value = added.note;
    field.focus();
    field.setSelectionRange(added.selection, added.selection);
    tell();
  };
  const found = foundIn(props.current);

  return (
    <section class="section">
      <label class="section-title form-label" for="note">{words.note}</label>
      <textarea
        id="note"
        ref={box}
        class="note-box"
        rows={5}
        placeholder={words.notePlaceholder}
        autocomplete="off"
        aria-describedby={found ? 'note-advice' : undefined}
        onInput={tell}
      />
      <p id="note-advice" class="note-advice" role="status">
        {found === 'id_number' && words.idNumber}
        {found === 'mobile' && words.mobile}
      </p>
      <Phrases onPhrase={addPhrase} />
    </section>
  );
}

function Phrases({ onPhrase }: { onPhrase: (phrase: string) => void }) {
  const phrases = [...lists.value.phrases].sort((one, other) => one.order - other.order);
  if (phrases.length === 0) return null;
  return (
    <ul class="phrases" aria-label={messages.value.form.phrases}>
      {phrases.map((phrase) => (
        <li key={phrase.id}>
          <button type="button" class="phrase" onClick={() => onPhrase(phrase.zh)}>{phrase.zh}</button>
        </li>
      ))}
    </ul>
  );
}

/** Sets text and cursor once, when the box appears. */
function useStartingText(box: { current: HTMLTextAreaElement | null }, start: NoteFieldProps): void {
  // Before the first paint: a box that is empty for a moment could be typed into, and its words lost.
  useLayoutEffect(() => {
    const field = box.current;
    if (!field) return;
    field.value = start.note;
    field.setSelectionRange(start.selection, start.selection);
  }, []);
  // After the page's heading has taken the focus: who comes back to a draft goes on where the cursor stood.
  useEffect(() => { if (start.restored) box.current?.focus(); }, []);
}

/** Keeps the cursor's place when it moved without an input. */
function useCursor(box: { current: HTMLTextAreaElement | null }, onSelection: (selection: number) => void): void {
  const latest = useRef(onSelection);
  latest.current = onSelection;
  useEffect(() => {
    let resting: ReturnType<typeof setTimeout> | undefined;
    const moved = (): void => {
      if (document.activeElement !== box.current) return;
      clearTimeout(resting);
      resting = setTimeout(() => { if (box.current) latest.current(box.current.selectionEnd); }, CURSOR_REST_MS);
    };
    document.addEventListener('selectionchange', moved);
    return () => {
      clearTimeout(resting);
      document.removeEventListener('selectionchange', moved);
    };
  }, []);
}

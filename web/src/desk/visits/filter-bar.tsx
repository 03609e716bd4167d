// The filters over a list: one control each, all of them in the address. Knows how to show them, not what they mean.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../messages/index.ts';

export interface Choice {
  value: string;
  text: string;
}

interface ChoiceFilterProps {
  label: string;
  value: string;
  choices: readonly Choice[];
  onChange(value: string): void;
}

/** One of a few values, or any. A value of the address that no list knows is still shown as chosen. */
export function ChoiceFilter({ label, value, choices, onChange }: ChoiceFilterProps) {
  const known = value === '' || choices.some((choice) => choice.value === value);
  return (
    <label class={value === '' ? 'filter' : 'filter filter-active'}>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{words.value.filters.all}</option>
        {choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.text}</option>)}
        {!known && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}

interface FieldFilterProps {
  label: string;
  value: string;
  onChange(value: string): void;
}

export function DayFilter({ label, value, onChange }: FieldFilterProps) {
  return (
    <label class={value === '' ? 'filter' : 'filter filter-active'}>
      <span>{label}</span>
      <input type="date" value={value} onChange={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}

/** How long a reader may pause between two letters before the list is asked for. */
const PAUSE_MS = 250;

/** Words to look for. What is being typed is never overwritten; while an input method composes, nothing is asked. */
export function TextFilter({ label, value, hint, onChange }: FieldFilterProps & { hint: string }) {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  useEffect(() => {
    const field = input.current;
    if (field && document.activeElement !== field) field.value = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = (text: string): void => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onChange(text), PAUSE_MS);
  };
  return (
    <label class={value === '' ? 'filter filter-text' : 'filter filter-text filter-active'}>
      <span>{label}</span>
      <input ref={input} type="search" defaultValue={value} placeholder={hint}
        onInput={(event) => { if (!event.isComposing) ask(event.currentTarget.value); }}
        onCompositionEnd={(event) => ask(event.currentTarget.value)} />
    </label>
  );
}

/** The bound of look/desk.css between the wide and the narrow desk. */
const WIDE = '(min-width: 60rem)';

/** On a narrow screen the filters fold away behind one line; on a wide one they stand open. */
export function Fold({ summary, children }: { summary: string; children: ComponentChildren }) {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const media = matchMedia(WIDE);
    const follow = (): void => setWide(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);
  if (wide) return <>{children}</>;
  return (
    <details class="filters-fold">
      <summary>{summary}</summary>
      {children}
    </details>
  );
}

// j and k move through a list, Enter opens (it is a link), Escape closes what is open.

import { useEffect, useRef } from 'preact/hooks';
import { navigate } from '../../app/router.ts';
import { neighbour } from '../model/pages.ts';

/** With a visit open, j and k open the next one; otherwise they move the focus from row to row. */
export function useRowKeys(ids: readonly string[], opened: string | undefined, filter: string): void {
  const place = useRef(0);
  if (opened !== undefined && ids.includes(opened)) place.current = ids.indexOf(opened);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isWriting(event.target)) return;
      if (event.key === 'Escape' && opened !== undefined) {
        navigate(`/visits${filter}`);
        focusRow(opened);
      }
      if (event.key !== 'j' && event.key !== 'k') return;
      const next = neighbour(ids, opened ?? focusedRow(), event.key === 'j' ? 1 : -1, place.current);
      if (next === undefined) return;
      event.preventDefault();
      if (opened !== undefined && next !== opened) navigate(`/visits/${next}${filter}`, { replace: true });
      focusRow(next);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
}

/** Letters typed into a field are words, not commands. */
function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

function focusedRow(): string | undefined {
  return document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row;
}

function focusRow(id: string): void {
  const link = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"] .row-link`);
  link?.focus({ preventScroll: true });
  link?.closest('tr')?.scrollIntoView({ block: 'nearest' });
}

// Keeps the line one is reading in its place while lines arrive above it.

import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';

interface Place {
  id: string;
  /** Of the line's top, from the top of the scrolled box. */
  top_px: number;
}

/** At the very top nothing is held: there the reader wants to see what is new. */
export function useKeptPlace(scroller: RefObject<HTMLElement | null>, rows: readonly unknown[]): void {
  const place = useRef<Place | undefined>(undefined);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return undefined;
    const remember = (): void => { place.current = box.scrollTop > 0 ? firstShown(box) : undefined; };
    box.addEventListener('scroll', remember, { passive: true });
    return () => box.removeEventListener('scroll', remember);
  }, []);
  useLayoutEffect(() => {
    const box = scroller.current;
    const kept = place.current;
    if (!box || !kept) return;
    const row = box.querySelector(`[data-row="${CSS.escape(kept.id)}"]`);
    if (row) box.scrollTop += topOf(row, box) - kept.top_px;
  }, [rows]);
}

function topOf(row: Element, box: Element): number {
  return row.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

/** The first line below the frozen head. Halving the lines, since a list may be long and scrolling is often. */
function firstShown(box: HTMLElement): Place | undefined {
  const rows = box.querySelectorAll<HTMLElement>('[data-row]');
  const head = box.querySelector('thead')?.getBoundingClientRect().height ?? 0;
  let from = 0;
  let to = rows.length - 1;
  while (from < to) {
    const middle = (from + to) >> 1;
    const row = rows[middle];
    if (row && topOf(row, box) < head) from = middle + 1;
    else to = middle;
  }
  const row = rows[from];
  return row?.dataset.row === undefined ? undefined : { id: row.dataset.row, top_px: topOf(row, box) };
}

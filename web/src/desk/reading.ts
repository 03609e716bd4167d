// How the desk reads, over its JSON routes and one visit at a time: once when shown, and again whenever the server
// says that something moved.
// What was read stays on the screen until something newer is here, so nothing flickers and no place is lost.

import { signal, useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { bridge, refusalOf } from '../app/answers.ts';
import type { Refusal, VisitView } from '../bridge/types.ts';
import type { Page } from './model/answers.ts';
import { MOST_ROWS, PAGE_ROWS, extend, join, pagesFor, type List } from './model/pages.ts';

/** What was read last, and what went wrong since; either may be missing. */
export interface Reading<Value> {
  value?: Value;
  error?: Refusal;
}

/** Grows by one each time the server may have something new. */
const moved = signal(0);
/** Grows by one each time a document that is here changed: by what was fetched, or by the reader's own word. */
const changed = signal(0);
/** Many changes arrive together; the desk reads once for all of them. */
const GATHER_MS = 250;

/** Runs `grow` once, soon, however often it is called until then. */
function gathered(grow: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      grow();
    }, GATHER_MS);
  };
}

/** Reads everything that is shown again, soon. */
export const readAgain = gathered(() => { moved.value += 1; });
const lookAgain = gathered(() => { changed.value += 1; });

/** Starts hearing the server. Answers what stops it. */
export function startReading(): () => void {
  const stop = bridge.listen((event) => {
    if (event.event === 'live') readAgain();
    if (event.event === 'changed') lookAgain();
  });
  // While the page was hidden or the network away, nothing was heard.
  const seen = (): void => { if (document.visibilityState === 'visible') readAgain(); };
  document.addEventListener('visibilitychange', seen);
  addEventListener('online', readAgain);
  return () => {
    stop();
    document.removeEventListener('visibilitychange', seen);
    removeEventListener('online', readAgain);
  };
}

/** One visit with all its words, now and whenever it may have changed. Null: there is no such visit. */
export function useVisit(visit: string): ReadonlySignal<Reading<VisitView | null>> {
  const { reading, ask } = useNewest<VisitView | null>();
  useEffect(() => {
    void ask(() => bridge.call('visit', { visit }));
  }, [visit, moved.value, changed.value]);
  return reading;
}

/** Reads a desk route now and whenever something moved. */
export function useRoute<Value>(path: string): ReadonlySignal<Reading<Value>> {
  const { reading, ask } = useNewest<Value>();
  useEffect(() => {
    void ask(async () => (await bridge.call('get', { path })) as Value);
  }, [path, moved.value]);
  return reading;
}

/** Holds the answer to the newest question; an older question may be answered after it and then counts no more. */
function useNewest<Value>(): { reading: Signal<Reading<Value>>; ask(question: () => Promise<Value>): Promise<void> } {
  const reading = useSignal<Reading<Value>>({});
  const newest = useRef(0);
  const ask = async (question: () => Promise<Value>): Promise<void> => {
    const number = (newest.current += 1);
    let next: Reading<Value>;
    try {
      next = { value: await question() };
    } catch (error) {
      next = { value: reading.value.value, error: refusalOf(error) };
    }
    if (number === newest.current) reading.value = next;
  };
  return { reading, ask };
}

export interface LongList<Row> {
  reading: ReadonlySignal<Reading<List<Row>>>;
  /** Reads one more page under what is shown. */
  more(): void;
}

/** Reads a long list: its first page, more when asked, and all that is shown again when something moved. */
export function useLongList<Row>(
  filter: string,
  pathOf: (offset: number, limit: number) => string,
  idOf: (row: Row) => string,
): LongList<Row> {
  const { reading, ask } = useNewest<List<Row>>();
  const shownFilter = useRef(filter);
  const page = async (offset: number, limit: number): Promise<Page<Row>> =>
    (await bridge.call('get', { path: pathOf(offset, limit) })) as Page<Row>;

  useEffect(() => {
    const same = shownFilter.current === filter;
    shownFilter.current = filter;
    const shown = same ? reading.value.value?.rows.length ?? 0 : 0;
    const wanted = shown > PAGE_ROWS ? pagesFor(shown, MOST_ROWS) : pagesFor(shown, PAGE_ROWS);
    void ask(async () => join(await Promise.all(wanted.map((each) => page(each.offset, each.limit))), idOf));
  }, [filter, moved.value]);

  const more = (): void => {
    const list = reading.value.value;
    if (!list || list.rows.length >= list.total) return;
    void ask(async () => extend(list, await page(list.rows.length, PAGE_ROWS), idOf));
  };
  return { reading, more };
}

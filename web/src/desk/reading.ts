// How the desk reads its JSON routes: once when shown, and again whenever the server says that something moved.
// What was read stays on the screen until something newer is here, so nothing flickers and no place is lost.

import { signal, useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { bridge, refusalOf } from '../app/answers.ts';
import type { Refusal } from '../bridge/types.ts';
import type { Page } from './model/answers.ts';
import { PAGE_ROWS, extend, join, pagesFor, type List } from './model/pages.ts';

/** What was read last, and what went wrong since; either may be missing. */
export interface Reading<Value> {
  value?: Value;
  error?: Refusal;
}

/** Grows by one each time the desk should read again. */
const moved = signal(0);
/** Many changes arrive together; the desk reads once for all of them. */
const GATHER_MS = 250;
/** The server gives at most this many rows in one answer. */
const MOST_ROWS = 200;
let gathering = false;

/** Reads everything that is shown again, soon. */
export function readAgain(): void {
  if (gathering) return;
  gathering = true;
  setTimeout(() => {
    gathering = false;
    moved.value += 1;
  }, GATHER_MS);
}

/** Starts hearing the server. Answers what stops it. */
export function startReading(): () => void {
  return bridge.listen((event) => {
    if (event.event === 'live' || event.event === 'changed') readAgain();
  });
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

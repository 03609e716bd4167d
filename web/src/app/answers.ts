// How a page asks the worker: an answer that stays fresh. After `changed` whatever is shown is asked again;
// the last answers are remembered, so that going back draws at once. Holds no data of its own beyond that.

import { useEffect, useMemo } from 'preact/hooks';
import { signal, type ReadonlySignal } from '@preact/signals';
import { bridge } from '../bridge/bridge.ts';
import { refusalOf } from '../bridge/error.ts';
import type { Answer, Argument, CallName, Identity, Refusal, Status } from '../bridge/types.ts';
import { lists } from './codes.ts';
import { lookForLost } from './lost.ts';

export { bridge } from '../bridge/bridge.ts';
export { refusalOf } from '../bridge/error.ts';

/** An answer on its way (`value` undefined), here, or refused; a refusal leaves the older value standing. */
export interface Asked<Value> { value: Value | undefined; error: Refusal | undefined }

const REMEMBERED = 80;
const remembered = new Map<string, unknown>();

function remember(key: string, value: unknown): void {
  remembered.delete(key);
  remembered.set(key, value);
  const oldest = remembered.size > REMEMBERED ? remembered.keys().next() : undefined;
  if (oldest && !oldest.done) remembered.delete(oldest.value);
}

/** Forgets every answer: another person may sit here now. */
function forgetAnswers(): void {
  remembered.clear();
  prepared.clear();
}

/** `bridge.call` with its argument always written, which a generic caller needs. */
const ask = bridge.call as <N extends CallName>(name: N, argument: Argument<N>) => Promise<Answer<N>>;

function keyOf(name: CallName, argument: unknown): string {
  return `${name} ${JSON.stringify(argument) ?? ''}`;
}

/** Answers asked for ahead of their page. Each serves one page, soon, and only while nothing has changed. */
const prepared = new Map<string, { at: number; answer: Promise<unknown> }>();
const PREPARED_MS_MAX = 3_000;

/** Asks ahead, so that the page which is about to open is drawn once, with its answer. Resolves when that is there. */
export async function prepare<N extends CallName>(name: N, argument: Argument<N>): Promise<void> {
  const key = keyOf(name, argument);
  const answer = ask(name, argument);
  prepared.set(key, { at: performance.now(), answer });
  try {
    remember(key, await answer);
  } catch {
    // The page asks again, and says what is wrong.
    prepared.delete(key);
  }
}

function takePrepared<N extends CallName>(key: string): Promise<Answer<N>> | undefined {
  const found = prepared.get(key);
  prepared.delete(key);
  const isFresh = found !== undefined && performance.now() - found.at < PREPARED_MS_MAX;
  return isFresh ? (found.answer as Promise<Answer<N>>) : undefined;
}

const listeners = new Set<() => void>();

/** Asks while mounted and again after every change. The signal is the same for the same question. */
export function useAnswer<N extends CallName>(name: N, argument: Argument<N>): ReadonlySignal<Asked<Answer<N>>> {
  const key = keyOf(name, argument);
  const asked = useMemo(() => {
    const value = remembered.get(key) as Answer<N> | undefined;
    return signal<Asked<Answer<N>>>({ value, error: undefined });
  }, [key]);
  useEffect(() => {
    let newest = 0;
    let mounted = true;
    const askNow = async (): Promise<void> => {
      const number = (newest += 1);
      try {
        const value = await (takePrepared<N>(key) ?? ask(name, argument));
        remember(key, value);
        // An older question may be answered after a newer one; what it says is then out of date.
        if (mounted && number === newest && isNews(asked.value, value)) asked.value = { value, error: undefined };
      } catch (error) {
        if (mounted && number === newest) asked.value = { value: asked.value.value, error: refusalOf(error) };
      }
    };
    const again = (): void => { void askNow(); };
    again();
    listeners.add(again);
    return () => {
      mounted = false;
      listeners.delete(again);
    };
    // The key holds name and argument; the argument itself is a new object at every drawing.
  }, [key]);
  return asked;
}

/** A prepared answer may be what was drawn already. */
function isNews<T>(shown: Asked<T>, value: T): boolean {
  return shown.value !== value || shown.error !== undefined || value === undefined;
}

/** Who this phone belongs to; undefined until the worker has said, null when it was never enrolled. */
export const identity = signal<Identity | null | undefined>(undefined);
/** The last word on the exchange, the outbox and the store; undefined until the worker has said. */
export const status = signal<Status | undefined>(undefined);

/** Another person's answers are forgotten before anything is drawn for this one. */
function takeIdentity(next: Identity | null): void {
  if (next?.device !== identity.value?.device) forgetAnswers();
  identity.value = next;
  askAllAgain();
}

let scheduled = false;

/** Many documents change in one exchange; they are answered with one round of questions. */
function askAllAgain(): void {
  prepared.clear();
  if (scheduled) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    for (const again of listeners) again();
    void readLists();
  }, 40);
}

async function readLists(): Promise<void> {
  try {
    lists.value = await bridge.call('lists', undefined);
  } catch {
    // The words that ship stand in until the next change.
  }
}

/**
 * Starts the worker, listens to it and learns who we are. `first` is what the first page asked ahead: it is waited for,
 * like the code lists, so that this page is drawn once. Throws what the worker throws when it cannot start.
 */
export async function startAnswers(first: () => Promise<unknown>): Promise<void> {
  bridge.listen((event) => {
    if (event.event === 'changed') askAllAgain();
    else if (event.event === 'status') status.value = event.status;
    else if (event.event === 'identity') takeIdentity(event.identity);
    else if (event.event === 'update_ready' && status.value) status.value = { ...status.value, update_ready: true };
  });
  const [who] = await Promise.all([bridge.call('identity', undefined), readLists(), first()]);
  identity.value = who;
  lookForLost(who?.device ?? null);
  status.value = await bridge.call('status', undefined);
}

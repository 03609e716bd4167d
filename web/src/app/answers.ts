// How a page asks the worker: an answer that stays fresh. After `changed` whatever is shown is asked again;
// the last answers are remembered, so that going back draws at once. Holds no data of its own beyond that.

import { useEffect, useMemo } from 'preact/hooks';
import { signal, type ReadonlySignal } from '@preact/signals';
import { bridge } from '../bridge/bridge.ts';
import { refusalOf } from '../bridge/error.ts';
import type { Answer, Argument, CallName, Identity, Refusal, Status } from '../bridge/types.ts';
import { lists } from './codes.ts';

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
}

/** `bridge.call` with its argument always written, which a generic caller needs. */
const ask = bridge.call as <N extends CallName>(name: N, argument: Argument<N>) => Promise<Answer<N>>;

const listeners = new Set<() => void>();

/** Asks while mounted and again after every change. The signal is the same for the same question. */
export function useAnswer<N extends CallName>(name: N, argument: Argument<N>): ReadonlySignal<Asked<Answer<N>>> {
  const key = `${name} ${JSON.stringify(argument) ?? ''}`;
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
        const value = await ask(name, argument);
        remember(key, value);
        // An older question may be answered after a newer one; what it says is then out of date.
        if (mounted && number === newest) asked.value = { value, error: undefined };
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

/** Starts listening to the worker and learns who we are. Throws what the worker throws when it cannot start. */
export async function startAnswers(): Promise<void> {
  bridge.listen((event) => {
    if (event.event === 'changed') askAllAgain();
    else if (event.event === 'status') status.value = event.status;
    else if (event.event === 'identity') takeIdentity(event.identity);
    else if (event.event === 'update_ready' && status.value) status.value = { ...status.value, update_ready: true };
  });
  identity.value = await bridge.call('identity', undefined);
  status.value = await bridge.call('status', undefined);
  await readLists();
}

// The one door between the pages and the worker that owns documents, store and exchange.
// Pages call and listen here; they touch neither IndexedDB nor Automerge nor the network.

import workerUrl from '../worker/main.ts?worker&url';
import { BridgeError } from './error.ts';
import type { FromPage, FromWorker } from './messages.ts';
import { scriptUrl } from './script-url.ts';
import type { Answer, Argument, BridgeEvent, CallName, Status } from './types.ts';
import { applyUpdate, updateReady, watchForUpdates } from './updates.ts';
import { keepWitness } from './witness.ts';

type Listener = (event: BridgeEvent) => void;
/** A call without an argument may be written without one. */
type Rest<N extends CallName> = Argument<N> extends void ? [argument?: undefined] : [argument: Argument<N>];

interface Pending { resolve(answer: unknown): void; reject(error: BridgeError): void }

/** A phone that keeps the app already has time to look for a newer one. */
const LOOK_DELAY_MS = 5_000;

const pending = new Map<string, Pending>();
const listeners = new Set<Listener>();
let worker: Worker | undefined;
let started = false;
let failure: BridgeError | undefined;

/** Asks the worker. Rejects with a `BridgeError`, whose words are meant for the person. */
export async function call<N extends CallName>(name: N, ...rest: Rest<N>): Promise<Answer<N>> {
  if (name === 'persist') return (await persist()) as Answer<N>;
  const answer = await ask(name, rest[0]);
  return (name === 'status' || name === 'exchange' ? withUpdate(answer as Status) : answer) as Answer<N>;
}

/** Hears every event until the answered function is called. */
export function listen(listener: Listener): () => void {
  start();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const bridge = { call, listen, applyUpdate };

function ask(name: CallName, argument: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (failure) return reject(failure);
    const id = crypto.randomUUID();
    pending.set(id, { resolve, reject });
    post({ kind: 'ask', id, name, argument });
  });
}

function post(message: FromPage): void {
  start().postMessage(message);
}

function start(): Worker {
  if (worker) return worker;
  worker = new Worker(scriptUrl(workerUrl), { type: 'module', name: 'stairwell' });
  worker.addEventListener('message', (message: MessageEvent<FromWorker>) => hear(message.data));
  worker.addEventListener('error', (event) => {
    if (!started) fail(event.message);
  });
  document.addEventListener('visibilitychange', () => void tellPageState());
  for (const name of ['online', 'offline']) addEventListener(name, () => void tellPageState());
  void tellPageState();
  // A new phone begins at once: who enrols at the door of a house may be out of reach in the next moment.
  if (navigator.serviceWorker?.controller) setTimeout(keepApp, LOOK_DELAY_MS);
  else keepApp();
  return worker;
}

function hear(message: FromWorker): void {
  if (message.kind === 'started') {
    started = true;
    return;
  }
  if (message.kind === 'event') {
    const event = message.event;
    if (event.event === 'witness') keepWitness(event.witness);
    emit(event.event === 'status' ? { event: 'status', status: withUpdate(event.status) } : event);
    return;
  }
  const waiting = pending.get(message.id);
  pending.delete(message.id);
  if (message.kind === 'answer') waiting?.resolve(message.answer);
  else waiting?.reject(new BridgeError(message.refusal));
}

function emit(event: BridgeEvent): void {
  for (const listener of listeners) listener(event);
}

/** Only a worker that could not start at all ends here: its script did not arrive, or the browser is too old for it. */
function fail(message: string | undefined): void {
  // A script that did not arrive has no message.
  const why = message ? { zh: `（${message}）`, en: ` (${message})` } : { zh: '', en: '' };
  failure = new BridgeError({
    code: 'engine_failed',
    zh: `程序没有启动，请到有信号的地方再打开一次；还不行就更新浏览器${why.zh}`,
    en: `The app could not start; please open it again where there is signal, or else update the browser${why.en}`,
  });
  for (const waiting of pending.values()) waiting.reject(failure);
  pending.clear();
}

/** Sees to it that the app opens without a network, in its newest version. */
function keepApp(): void {
  watchForUpdates(() => emit({ event: 'update_ready' })).catch(() => undefined);
}

function withUpdate(status: Status): Status {
  return { ...status, update_ready: updateReady() };
}

async function tellPageState(): Promise<void> {
  const persisted = (await navigator.storage?.persisted?.().catch(() => null)) ?? null;
  post({ kind: 'page', visible: document.visibilityState === 'visible', persisted, online: navigator.onLine });
}

/** Only a window may ask the browser to keep the store; the worker is told the answer. */
async function persist(): Promise<boolean> {
  const granted = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  await tellPageState();
  return granted;
}

// The worker's entry: the browser's own time, chance, network, lock and channel, given to the relay and the engine.

import automergeWasmUrl from '@automerge/automerge/automerge.wasm?url';
import type { FromPage, FromWorker } from '../bridge/messages.ts';
import type { Automerge } from './documents/library.ts';
import { Engine } from './engine/engine.ts';
import { Relay } from './relay.ts';
import type { Surroundings } from './surroundings.ts';

declare const self: DedicatedWorkerGlobalScope;

const LOCK = 'stairwell-leader';
const CHANNEL = 'stairwell';

const surroundings: Surroundings = {
  now: () => Date.now(),
  random: () => Math.random(),
  fetch: (url, init) => fetch(url, init),
  online: () => navigator.onLine,
  loadAutomerge: async (): Promise<Automerge> => {
    const automerge = await import('@automerge/automerge/slim');
    await automerge.initializeWasm(automergeWasmUrl);
    return automerge;
  },
  later: (delayMs, body) => {
    const timer = setTimeout(body, delayMs);
    return () => clearTimeout(timer);
  },
  storage: async () => {
    const { usage, quota } = await navigator.storage.estimate();
    return { ...(usage === undefined ? {} : { used: usage }), ...(quota === undefined ? {} : { quota }) };
  },
  app_version: __APP_VERSION__,
  database_name: 'stairwell',
};

const relay = new Relay({
  id: crypto.randomUUID(),
  channel: new BroadcastChannel(CHANNEL),
  toPage: (message: FromWorker) => self.postMessage(message),
  startEngine: (emit, claim) => Engine.start(surroundings, emit, claim),
  later: surroundings.later,
  takeLead,
});

self.addEventListener('message', (event: MessageEvent<FromPage>) => relay.fromPage(event.data));

self.addEventListener('online', () => relay.network(true));
self.addEventListener('offline', () => relay.network(false));

self.postMessage({ kind: 'started' } satisfies FromWorker);

/** The lock is held, and with it the lead, until this worker ends or another takes it. */
const forEver = (): Promise<never> => new Promise<never>(() => undefined);

function waitForLead(): void {
  navigator.locks.request(LOCK, () => {
    relay.lead();
    return forEver();
  }).catch((error: unknown) => {
    relay.deposed();
    if (error instanceof DOMException && error.name === 'AbortError') waitForLead();
  });
}

/** The place in the line is kept meanwhile, for when this lead is taken in its turn. */
function takeLead(): void {
  navigator.locks.request(LOCK, { steal: true }, () => {
    relay.lead(true);
    return forEver();
  }).catch(() => relay.deposed());
}

waitForLead();

// Everything the engine takes from outside, so that tests can give their own: time, chance, network, Automerge's wasm.

import type { Fetch } from './exchange/http.ts';
import type { Automerge } from './documents/library.ts';

export interface Surroundings {
  now(): number;
  /** Between 0 and 1, for spreading retries. */
  random(): number;
  fetch: Fetch;
  /** False only when the device surely has no network. */
  online(): boolean;
  loadAutomerge(): Promise<Automerge>;
  /** Calls back later; answers how to call it off. */
  later(delayMs: number, body: () => void): () => void;
  storage(): Promise<{ used?: number; quota?: number }>;
  app_version: string;
  database_name: string;
}

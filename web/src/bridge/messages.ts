// What travels between a page and its own worker. Plain data only.

import type { BridgeEvent, CallName, Refusal } from './types.ts';

/** The id names the question, so that asking it a second time (after a change of leader) can be recognised. */
export interface Ask { kind: 'ask'; id: string; name: CallName; argument: unknown }
/** What a worker cannot see for itself, or (the network, in some browsers) sees later than a page. */
export interface PageState { kind: 'page'; visible: boolean; persisted: boolean | null; online: boolean }
export type FromPage = Ask | PageState;

export type Reply =
  | { kind: 'answer'; id: string; answer: unknown }
  | { kind: 'refusal'; id: string; refusal: Refusal };
/** `started` comes once, when the worker's own code runs: from then on an error is not a browser too old for it. */
export type FromWorker = Reply | { kind: 'started' } | { kind: 'event'; event: BridgeEvent };

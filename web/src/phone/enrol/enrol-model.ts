// Enrolling: what each event makes of it. Pure; the page calls the worker and listens to the network.

import type { Identity, Refusal, Status } from '../../bridge/types.ts';

export type EnrolModel =
  /** No code, or one that did not work: a place to paste another. */
  | { step: 'asking'; error?: Refusal; unreadable?: boolean }
  | { step: 'working'; code: string }
  /** The code is unused; it is tried again when the network is back. */
  | { step: 'offline'; code: string }
  /** This phone is somebody's already; the code is unused. */
  | { step: 'taken'; code: string; name: string; waiting: number }
  /** It is somebody's, but the office knows it no more: enrolling anew keeps all that is on it. */
  | { step: 'disowned'; code: string; name: string; waiting: number }
  | { step: 'done' };

export type EnrolEvent =
  | { type: 'pasted'; code: string | null }
  | { type: 'online' }
  | { type: 'enrolled' }
  | { type: 'refused'; error: Refusal }
  | { type: 'left' }
  | { type: 'anew' }
  /** An exchange told that the office knows this phone no more. */
  | { type: 'disowned'; waiting: number };

/** Refusals that say nothing about the code: the network or the office was not there. */
const UNREACHED = /^(offline|timeout|http_0|http_50[234])$/;

export function startOf(code: string | null, identity: Identity | null, status: Status | undefined): EnrolModel {
  const disowned = isDisowned(status);
  if (code === null) return identity && !disowned ? { step: 'done' } : { step: 'asking' };
  if (identity) return { step: disowned ? 'disowned' : 'taken', code, name: identity.person.name, waiting: status?.waiting ?? 0 };
  return { step: 'working', code };
}

/** The office does not know this device, as after it was restored from a copy older than the enrolment. */
export function isDisowned(status: Pick<Status, 'last_error'> | undefined): boolean {
  return status?.last_error?.code === 'token_unknown';
}

/** The next step. `working` is the one in which the worker is asked. */
export function update(model: EnrolModel, event: EnrolEvent): EnrolModel {
  switch (event.type) {
    case 'pasted':
      return event.code === null ? { step: 'asking', unreadable: true } : { step: 'working', code: event.code };
    case 'online':
      return model.step === 'offline' ? { step: 'working', code: model.code } : model;
    case 'enrolled':
      return { step: 'done' };
    case 'refused':
      if (model.step !== 'working') return model;
      return UNREACHED.test(event.error.code) ? { step: 'offline', code: model.code } : { step: 'asking', error: event.error };
    case 'disowned':
      return model.step === 'taken' ? { ...model, step: 'disowned', waiting: event.waiting } : model;
    case 'anew':
      return model.step === 'disowned' ? { step: 'working', code: model.code } : model;
    case 'left':
      return model.step === 'taken' ? { step: 'working', code: model.code } : model;
  }
}

// What the engine's calls share. Each file of this folder answers one group of calls.

import type { BridgeEvent } from '../../bridge/types.ts';
import type { Library } from '../documents/library.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Schedule } from '../exchange/schedule.ts';
import { notEnrolled } from '../refusals.ts';
import type { Serial } from '../serial.ts';
import type { Enrolment } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { Surroundings } from '../surroundings.ts';
import type { CommunitySummary } from '../summary.ts';
import { Names } from '../views/names.ts';
import type { Sending } from '../views/visits.ts';

export interface Parts {
  surroundings: Surroundings; store: Store; library: Library; writer: Serial; exchange: Exchange; schedule: Schedule;
  enrolment(): Enrolment | undefined;
  /** False only when the device surely has no network, as far as the browser says. */
  online(): boolean;
  emit(event: BridgeEvent): void;
  changed(documents: readonly string[]): void;
}

export function enrolled(parts: Parts): Enrolment {
  const enrolment = parts.enrolment();
  if (!enrolment) throw notEnrolled();
  return enrolment;
}

/** The desk does not walk feeds: it reads lists from the program's routes and asks for documents by name. */
export function isDesk(enrolment: Enrolment): boolean {
  return enrolment.identity.person.role === 'community_supervisor';
}

export async function namesOf(parts: Parts): Promise<Names> {
  return new Names(await parts.store.meta('directory'), parts.enrolment());
}

export function sendingOf({ store, exchange }: Parts): Sending {
  return { outbox: store.outbox(), held: store.held(), sending: exchange.sending };
}

export async function communityOf(parts: Parts): Promise<CommunitySummary | null> {
  const enrolment = parts.enrolment();
  const row = enrolment && (await parts.store.document(enrolment.identity.community.id));
  return row?.summary?.kind === 'community' ? row.summary : null;
}

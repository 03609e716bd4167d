// Who this phone belongs to, and which feeds it walks.

import type { Identity } from '../../bridge/types.ts';
import { postJson } from '../exchange/http.ts';
import { offerAll } from '../exchange/offering.ts';
import { unreadableAnswer, unsentWork } from '../refusals.ts';
import type { Directory, Enrolment, ParcelRow } from '../store/rows.ts';
import { isDesk, type Parts } from './parts.ts';

/**
 * Turns a code into an enrolment. Nothing of another person stays on the phone; unsent work forbids it, unless the office
 * does not know this device (`isDisowned`) and so could never take it.
 */
export async function enrol(parts: Parts, code: string, isDisowned: boolean): Promise<Enrolment> {
  const current = parts.enrolment();
  // The same code asked twice, because a tab closed over the answer, is the same enrolment.
  if (current?.code === code) return current;
  if (!isDisowned && (await holdsUnsent(parts))) throw unsentWork();
  return readEnrolment(await postJson(parts.surroundings.fetch, undefined, '/api/enrol', { code }), code);
}

/** Something was written here that the office has not taken, or a rescue file is here that it has not taken in full. */
async function holdsUnsent({ store }: Parts): Promise<boolean> {
  return store.outbox().length > 0 || ((await store.meta('parcels')) ?? []).some((row) => row.bytes !== undefined);
}

/**
 * Empties the store and begins anew as this person, or as nobody; `become` is told when nothing of the former is left.
 * Unsent work forbids it, and also a save that was under way when this was asked.
 */
export async function begin(parts: Parts, enrolment: Enrolment | undefined, become: () => void): Promise<void> {
  await parts.writer.run(async () => {
    if (await holdsUnsent(parts)) throw unsentWork();
    await parts.store.clear(enrolment);
    if (enrolment) await parts.store.setFeeds(feedsOf(enrolment));
    become();
    // In the same turn: whatever an exchange of the former person still brings finds itself stopped.
    parts.exchange.halt();
  });
}

/**
 * The same for a device that the office does not know, as after it was restored from an older copy. All that the device
 * wrote, acknowledged or not, becomes a file that is carried on, `made` at the last moment; what the same person has half
 * written stays in place.
 */
export async function beginAnew(parts: Parts, enrolment: Enrolment, made: () => Promise<ParcelRow | undefined>, become: () => void): Promise<void> {
  const { store, library, surroundings, writer, emit, exchange } = parts;
  await writer.run(async () => {
    const isSame = parts.enrolment()?.identity.person.id === enrolment.identity.person.id;
    const former = parts.enrolment()?.identity.device;
    if (former !== undefined) await store.arrive(await offerAll(store, library, former), (feed) => feed, surroundings.now());
    const own = await made();
    const carried = ((await store.meta('parcels')) ?? []).filter((row) => row.bytes !== undefined);
    // Drafts that stay in place are not put back once more when the file is taken.
    const parcels = [...carried, ...(own ? [isSame ? { ...own, drafts_restored: true as const } : own] : [])];
    await store.clear(enrolment, { parcels, drafts: isSame });
    await store.setFeeds(feedsOf(enrolment));
    // The former store was not lost: all that was unsent in it is carried in this one.
    emit({ event: 'witness', witness: null });
    become();
    exchange.halt();
  });
}

/**
 * Takes in a new directory. Answers the enrolment, another one when this person's feeds are others now.
 * Runs in the writer's turn.
 */
export async function takeDirectory({ store, surroundings }: Parts, enrolment: Enrolment, directory: Directory): Promise<Enrolment> {
  await store.putMeta('directory', directory);
  const before = enrolment.identity.feeds;
  const same = before.length === directory.feeds.length
    && directory.feeds.every((feed) => before.some((it) => it.feed === feed.feed && it.name === feed.name));
  if (same) return enrolment;
  const next = { ...enrolment, identity: { ...enrolment.identity, feeds: directory.feeds } };
  await store.putMeta('enrolment', next);
  await store.setFeeds(feedsOf(next));
  const lost = before.filter((feed) => !directory.feeds.some((it) => it.feed === feed.feed));
  for (const { feed } of lost) {
    // What a person may read no more does not stay on their phone, except what they wrote and have not sent.
    const rows = (await store.rowsOfFeed(feed)).filter((row) => store.ownChanges(row.id).length === 0);
    await store.remove(rows, surroundings.now());
  }
  return next;
}

/** The browser cleared the store while the app ran: unsent work is back already, everything else is walked again. */
export async function walkAnew(parts: Parts): Promise<void> {
  const enrolment = parts.enrolment();
  if (enrolment) await parts.writer.run(() => parts.store.setFeeds(feedsOf(enrolment)));
}

/** The community first: its code lists make everything else readable. */
function feedsOf(enrolment: Enrolment): string[] {
  if (isDesk(enrolment)) return [];
  const { feeds } = enrolment.identity;
  return [...feeds].sort((a, b) => Number(b.kind === 'community') - Number(a.kind === 'community')).map((feed) => feed.feed);
}

function readEnrolment(value: unknown, code: string): Enrolment {
  const answer = value as Partial<Identity> & { token?: unknown; server_key?: unknown };
  const { device, token, person, community, feeds } = answer ?? {};
  if (!device || typeof token !== 'string' || !person || !community || !Array.isArray(feeds)) throw unreadableAnswer();
  return { identity: { device, person, community, feeds }, token, server_key: String(answer.server_key ?? ''), code };
}

// Once after the app's start: does the office still have what it said it had? The exchange tells nothing of its tray,
// and the desk walks no feed, so neither would notice by it that the office was restored from an older copy.

import { postJson } from '../exchange/http.ts';
import { judgeUnlisted, offerTray } from '../exchange/offering.ts';
import type { Arrival } from '../store/store.ts';
import { isDesk, type Parts } from './parts.ts';

/** What one question may ask about. Of what was accepted, the newest is what a copy can lack. */
const ASKED_MAX = 5000;

interface Answer { lacking?: string[] }

/** Puts what the office lacks back into the outbox; true when there was something. */
export async function offerLacking(parts: Parts): Promise<boolean> {
  const { store, library, surroundings, writer } = parts;
  const enrolment = parts.enrolment();
  if (!enrolment) return false;
  const { device } = enrolment.identity;
  const accepted = isDesk(enrolment) ? await store.accepted() : [];
  // What is held comes first: nothing else ever asks about a tray.
  const newest = accepted.sort((a, b) => b.at - a.at);
  const asked = [...store.held(), ...newest].slice(0, ASKED_MAX);
  if (asked.length === 0) return false;
  const changes = asked.map((row) => [row.document, row.hash]);
  const answer = (await postJson(surroundings.fetch, enrolment.token, '/api/device/last', { device, changes })) as Answer;
  const lacking = new Set(answer.lacking);
  if (lacking.size === 0) return false;
  return writer.run(async () => {
    // It may be somebody else's by now; a new list of people makes nobody else of them.
    if (parts.enrolment()?.token !== enrolment.token) return false;
    const documents = asked.filter((row) => row.status === 'accepted' && lacking.has(row.hash)).map((row) => row.document);
    const rows = [...(await store.documents([...new Set(documents)])).values()];
    const { offers } = await judgeUnlisted(store, library, device, rows, new Set());
    const there = store.held().map((row) => row.hash).filter((hash) => !lacking.has(hash));
    const tray = await offerTray(store, await feedsOfHeld(parts), there, offers);
    const arrivals: Arrival[] = [...offers, ...tray];
    await store.arrive(arrivals, (feed) => feed, surroundings.now());
    parts.changed(arrivals.map((it) => it.change.after.id));
    return arrivals.length > 0;
  });
}

async function feedsOfHeld({ store }: Parts): Promise<ReadonlySet<string>> {
  const rows = await store.documents(store.held().map((row) => row.document));
  return new Set([...rows.values()].map((row) => row.feed));
}

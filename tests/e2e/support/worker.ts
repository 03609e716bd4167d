// Asks the app's worker from a test, over the channel on which its tabs ask it too. For counting and for facts that
// no page shows; what people do, the tests do through the pages. A worker that is only starting hears nothing, so each
// question is asked again until it is answered, as a tab's own are.

import type { Page } from '@playwright/test';

export async function ask<Answer>(page: Page, name: string, argument?: unknown): Promise<Answer> {
  return await page.evaluate(([asked, given]) => new Promise((resolve, reject) => {
    const channel = new BroadcastChannel('stairwell');
    const id = crypto.randomUUID();
    channel.addEventListener('message', ({ data }) => {
      if (data.kind !== 'reply' || data.to !== id) return;
      clearInterval(again);
      channel.close();
      if (data.reply.kind === 'answer') resolve(data.reply.answer);
      else reject(new Error(JSON.stringify(data.reply.refusal)));
    });
    const post = (): void => channel.postMessage({ kind: 'ask', from: id, ask: { kind: 'ask', id, name: asked, argument: given } });
    const again = setInterval(post, 250);
    post();
  }), [name, argument] as const) as Answer;
}

export interface Counters { documents_loaded: number; exchanges: number; requests: number }
export interface AuthorRun { text: string; person?: string; name: string }
export interface VisitFacts { id: string; note: string; mark: string; runs: AuthorRun[]; whole: boolean }
export interface DoorFacts { id: string; building: string; unit: string; floor: number; label: string }
export interface StatusFacts { waiting: number; visits: number; doors: number; exchanging: boolean; last_exchange_at?: number }
interface Face { floors: { floor: number; doors: { id: string; unit: string; label: string }[] }[] }

export function counters(page: Page): Promise<Counters> {
  return ask(page, 'counters');
}

export function statusFacts(page: Page): Promise<StatusFacts> {
  return ask(page, 'status');
}

export function visitFacts(page: Page, visit: string): Promise<VisitFacts> {
  return ask(page, 'visit', { visit });
}

/** The draft of a new visit at a door: its text and the place of the cursor. */
export async function draftFacts(page: Page, door: string): Promise<{ note: string; selection: number } | null> {
  const draft = await ask<{ note: string; selection: number } | null>(page, 'draft', { key: `door/${door}` });
  return draft && { note: draft.note, selection: draft.selection };
}

/** Doors of this phone, from the first building's top floor down. */
export async function doorsOf(page: Page, count: number): Promise<DoorFacts[]> {
  const buildings = await ask<{ building: string }[]>(page, 'buildings');
  const doors: DoorFacts[] = [];
  for (const { building } of buildings) {
    const face = await ask<Face>(page, 'building_face', { building });
    for (const { floor, doors: cells } of face.floors) {
      for (const { id, unit, label } of cells) doors.push({ id, building, unit, floor, label });
    }
    if (doors.length >= count) break;
  }
  return doors.slice(0, count);
}

/** One door of this phone. */
export async function firstDoor(page: Page): Promise<DoorFacts> {
  const [door] = await doorsOf(page, 1);
  if (!door) throw new Error('the phone has no door');
  return door;
}

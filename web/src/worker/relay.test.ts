// Several tabs, one leader: whichever tab a person writes in, the work is done once.

import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { FromWorker } from '../bridge/messages.ts';
import type { BridgeEvent, CallName } from '../bridge/types.ts';
import type { Engine } from './engine/engine.ts';
import { Relay, type Channel } from './relay.ts';
import { Phone } from './testing/phone.ts';
import { automerge } from './testing/platform.ts';
import { CHEN, doorId, officeWithDoors } from './testing/practice.ts';

const A = await automerge();

/** A channel within this process that delivers to everyone but the sender, later, as the browser's does. */
function channels(): () => Channel {
  const listeners = new Map<Channel, (event: { data: unknown }) => void>();
  return () => {
    const own: Channel = {
      postMessage: (message) => {
        const data: unknown = structuredClone(message);
        for (const [channel, listener] of listeners) if (channel !== own) setTimeout(() => listener({ data }), 0);
      },
      addEventListener: (_type, listener) => void listeners.set(own, listener),
    };
    return own;
  };
}

class Tab {
  readonly relay: Relay;
  readonly events: FromWorker[] = [];
  readonly #waiting = new Map<string, (message: FromWorker) => void>();
  #asked = 0;

  constructor(name: string, channel: Channel, startEngine: (emit: (event: BridgeEvent) => void) => Promise<Engine>) {
    this.relay = new Relay({
      id: name, channel, startEngine,
      toPage: (message) => ('id' in message ? this.#waiting.get(message.id)?.(message) : this.events.push(message)),
    });
  }

  ask(name: CallName, argument?: unknown): Promise<unknown> {
    const id = `${String(this.#asked++)} ${Math.random()}`;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (message) => (message.kind === 'answer' ? resolve(message.answer) : reject(message)));
      this.relay.fromPage({ kind: 'ask', id, name, argument });
    });
  }
}

async function twoTabs() {
  const phone = await Phone.enrol(officeWithDoors(A, 2), CHEN);
  await phone.exchange();
  await phone.kill();
  const channel = channels();
  const start = (emit: (event: BridgeEvent) => void): Promise<Engine> => phone.startEngine(emit);
  return { phone, first: new Tab('first', channel(), start), second: new Tab('second', channel(), start) };
}

describe('two tabs', () => {
  it('are answered by the one that leads', async () => {
    const { first, second } = await twoTabs();
    const before = second.ask('identity');
    first.relay.lead();
    expect(await before).toMatchObject({ person: { name: '陈小满' } });
    expect(await first.ask('identity')).toEqual(await second.ask('identity'));
  });

  it('lose no question when the leader goes before answering', async () => {
    const { first, second, phone } = await twoTabs();
    const draft = phone.draft(doorId(1), { note: '换标签页也不丢' });
    const saved = second.ask('save_visit', draft);
    // The first tab never led; the second takes the lead and finds its own question still open.
    second.relay.lead();
    expect(await saved).toMatchObject({ visit: expect.any(String) as string });
    expect(await first.ask('my_visits', { limit: 9 })).toHaveLength(1);
  });

  it('tell a store that opened at the second try what the pages told before', async () => {
    const { phone } = await twoTabs();
    let tries = 0;
    const tab = new Tab('only', channels()(), async (emit) => {
      if (tries++ === 0) throw new DOMException('the disk is busy', 'UnknownError');
      return phone.startEngine(emit);
    });
    tab.relay.fromPage({ kind: 'page', visible: true, persisted: true, online: true });
    tab.relay.lead();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(await tab.ask('status')).toMatchObject({ persisted: true });
  });

  it('write a save once though both leaders were asked', async () => {
    const { first, second, phone } = await twoTabs();
    const draft = phone.draft(doorId(1), { note: '只写一次' });
    first.relay.lead();
    const answer = await second.ask('save_visit', draft);
    expect(await second.ask('save_visit', draft)).toEqual(answer);
    expect(await first.ask('my_visits', { limit: 9 })).toHaveLength(1);
  });

  it('both hear what changed', async () => {
    const { first, second, phone } = await twoTabs();
    first.relay.lead();
    await second.ask('save_visit', phone.draft(doorId(1), { note: '两边都看见' }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const tab of [first, second]) expect(tab.events).toContainEqual(expect.objectContaining({ event: expect.objectContaining({ event: 'changed' }) as unknown }));
  });

  it('pass words of refusal through unchanged', async () => {
    const { first, second } = await twoTabs();
    first.relay.lead();
    await expect(second.ask('save_visit', { key: 'x', door: doorId(9), started_at: 1, changed_at: 1, note: '', checks: {}, met: [] }))
      .rejects.toMatchObject({ refusal: { code: 'unknown_door' } });
  });
});

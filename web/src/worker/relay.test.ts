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

type Start = (emit: (event: BridgeEvent) => void, claim: boolean) => Promise<Engine>;

class Tab {
  readonly relay: Relay;
  readonly events: FromWorker[] = [];
  /** What waits for its time; no time passes here by itself. */
  readonly timers = new Set<() => void>();
  readonly #waiting = new Map<string, (message: FromWorker) => void>();
  #asked = 0;

  constructor(name: string, channel: Channel, startEngine: Start) {
    this.relay = new Relay({
      id: name, channel, startEngine,
      later: (_delayMs, body) => {
        this.timers.add(body);
        return () => this.timers.delete(body);
      },
      takeLead: () => this.relay.lead(true),
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

  /** Everything that waits comes due once, and what it says is heard. */
  async timePasses(): Promise<void> {
    const due = [...this.timers];
    this.timers.clear();
    for (const body of due) body();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function twoTabs() {
  const phone = await Phone.enrol(officeWithDoors(A, 2), CHEN);
  await phone.exchange();
  await phone.kill();
  const channel = channels();
  const start: Start = (emit, claim) => phone.startEngine(emit, claim);
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

/** A tab whose worker is stopped in its tracks: it hears nothing, until it is thawed and hears everything. */
function freezable(channel: Channel): { channel: Channel; freeze(): void; thaw(): void } {
  let frozen = false;
  const unheard: (() => void)[] = [];
  return {
    channel: {
      postMessage: (message) => channel.postMessage(message),
      addEventListener: (type, listener) => channel.addEventListener(type, (event) => {
        if (frozen) unheard.push(() => listener(event));
        else listener(event);
      }),
    },
    freeze: () => (frozen = true),
    thaw: () => {
      frozen = false;
      for (const hear of unheard.splice(0)) hear();
    },
  };
}

async function frozenLeader() {
  const phone = await Phone.enrol(officeWithDoors(A, 2), CHEN);
  await phone.exchange();
  await phone.kill();
  phone.network.online = false;
  const channel = channels();
  const ice = freezable(channel());
  const engines: Engine[] = [];
  const start: Start = async (emit, claim) => {
    const engine = await phone.startEngine(emit, claim);
    engines.push(engine);
    return engine;
  };
  const first = new Tab('first', ice.channel, start);
  const second = new Tab('second', channel(), start);
  first.relay.lead();
  await first.ask('identity');
  second.relay.fromPage({ kind: 'page', visible: true, persisted: null, online: false });
  // What was said before is heard before.
  await new Promise((resolve) => setTimeout(resolve, 5));
  ice.freeze();
  return { phone, ice, first, second, old: engines[0] as Engine, engines };
}

describe('a leader that is frozen', () => {
  it('is not waited for: the tab in which a person waits takes the lead', async () => {
    const { phone, second } = await frozenLeader();
    const saved = second.ask('save_visit', phone.draft(doorId(1), { note: '前一个窗口冻住了' }));
    for (let turn = 0; turn < 5; turn++) await second.timePasses();
    expect(await saved).toMatchObject({ visit: expect.any(String) as string });
  });

  it('keeps the lead when nobody looks at the other tab', async () => {
    const { phone, second, engines } = await frozenLeader();
    second.relay.fromPage({ kind: 'page', visible: false, persisted: null, online: false });
    void second.ask('save_visit', phone.draft(doorId(1), { note: '没人看着' }));
    for (let turn = 0; turn < 5; turn++) await second.timePasses();
    expect(engines).toHaveLength(1);
  });

  it('writes nothing more once another leads, even before it hears of it', async () => {
    const { phone, second, old } = await frozenLeader();
    const saved = second.ask('save_visit', phone.draft(doorId(1), { note: '新的窗口写的' }));
    for (let turn = 0; turn < 5; turn++) await second.timePasses();
    await saved;
    // Where it stopped it goes on: with a save that it had been asked for long ago.
    await expect(old.answer('save_visit', phone.draft(doorId(2), { note: '醒来才写的' }))).rejects.toMatchObject({ code: 'no_longer_leading' });
    expect(old.ended).toBe(true);
    expect(await second.ask('my_visits', { limit: 9 })).toMatchObject([{ note: '新的窗口写的' }]);
  });

  it('passes on what its own page asked of it, and is answered by the one that leads now', async () => {
    const { phone, ice, first, second } = await frozenLeader();
    void second.ask('identity');
    for (let turn = 0; turn < 5; turn++) await second.timePasses();
    const draft = phone.draft(doorId(2), { note: '冻住的那一页里写的' });
    const saved = first.ask('save_visit', draft);
    ice.thaw();
    expect(await saved).toMatchObject({ visit: expect.any(String) as string });
    expect(await second.ask('my_visits', { limit: 9 })).toMatchObject([{ note: '冻住的那一页里写的' }]);
  });

  it('is waited for when it says that it is there, however long it works', async () => {
    const { phone, ice, second, old } = await frozenLeader();
    ice.thaw();
    const saved = second.ask('save_visit', phone.draft(doorId(1)));
    for (let turn = 0; turn < 5; turn++) await second.timePasses();
    await saved;
    expect(old.ended).toBe(false);
    expect(await second.ask('status')).toMatchObject({ waiting: 1 });
  });
});

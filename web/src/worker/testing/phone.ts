// A phone in a test: the real engine over a fake IndexedDB, and a network that a test can cut anywhere.

import 'fake-indexeddb/auto';
import type { Answer, Argument, BridgeEvent, CallName, VisitDraft } from '../../bridge/types.ts';
import { BridgeError } from '../../bridge/error.ts';
import type { Bytes } from '../bytes.ts';
import { Engine } from '../engine/engine.ts';
import { low32 } from '../exchange/digest.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Account } from './held.ts';
import type { Office } from './office.ts';
import { automerge } from './platform.ts';

export const COMMUNITY = 'c0000000-0000-4000-8000-000000000000';
export const GRID = 'c0000000-0000-4000-8000-000000000001';

export interface Network {
  online: boolean; dropRequests?: boolean;
  /** The office does not know the token, as after it was restored from a copy older than the enrolment. */
  tokenUnknown?: boolean;
  /** Cuts a response after this many bytes; undefined lets it through. */
  cutAfter?: number | undefined;
  /** Cuts a request after this many bytes: the office takes in what came, and no answer does. */
  cutRequestAfter?: number | undefined;
  /** Runs when the request has been sent and the answer not yet come. */
  beforeAnswer?: (() => Promise<void>) | undefined;
}

let phones = 0;

export class Phone {
  readonly events: BridgeEvent[] = [];
  readonly network: Network = { online: true };
  /** How the wasm comes; a test may have it never come. */
  loadAutomerge = automerge;
  /** How the office answers a rescue file; a test may have it refuse. */
  rescue = (file: Uint8Array): Response => Response.json(this.#office.rescue(file));
  /** What the office answers when it is asked what it lacks of changes, by their hashes. */
  lacking = (_hashes: string[]): string[] => [];
  /** What waits for its time; no time passes here by itself. */
  readonly timers = new Set<() => void>();
  nowMs: number;
  /** What the browser says of its room. */
  use: { used?: number; quota?: number } = {};
  /** The last answer that began to come, how many there were, and how long the last request was. */
  answer: Uint8Array = new Uint8Array();
  answers = 0;
  requestBytes = 0;
  #engine: Engine | undefined;
  readonly #office: Office;
  /** Whom the office enrols here. */
  account: Account;
  #peeking: ((request: Uint8Array) => void) | undefined;
  /** The name of its database. */
  readonly database = `phone ${phones++}`;

  /** Nobody is enrolled on it yet. */
  constructor(office: Office, account: Account, nowMs: number) {
    this.#office = office;
    this.account = account;
    this.nowMs = nowMs;
  }

  static async enrol(office: Office, account: Account, nowMs = 1_800_000_000_000): Promise<Phone> {
    const phone = new Phone(office, account, nowMs);
    office.enrol(account.device, account);
    await phone.start();
    phone.network.online = false;
    await phone.call('enrol', { code: `code of ${account.device}` });
    await phone.settled();
    phone.network.online = true;
    return phone;
  }

  /** A phone whose store is made by `fill`, of an account that the office knows already. The app is closed. */
  static async over(office: Office, account: Account, nowMs: number, fill: (database: string) => Promise<void>): Promise<Phone> {
    const phone = new Phone(office, account, nowMs);
    office.enrol(account.device, account);
    await fill(phone.database);
    return phone;
  }

  /** Opens the app, on what the store holds. */
  async start(): Promise<void> {
    this.#engine = await this.startEngine();
  }

  /** A second engine over the same store, for a test that hands the lead over. */
  startEngine(emit: (event: BridgeEvent) => void = (event) => this.events.push(event), claim = false): Promise<Engine> {
    return Engine.start(this.#surroundings(), emit, claim);
  }

  /** The engine is of no more use, as its relay sees it. */
  get ended(): boolean {
    return this.#engine?.ended ?? false;
  }

  /** The app is killed: nothing is awaited but what the store already took. */
  async kill(): Promise<void> {
    await this.#engine?.stop();
    this.#engine = undefined;
  }

  call<N extends CallName>(name: N, argument?: Argument<N>): Promise<Answer<N>> {
    if (!this.#engine) throw new Error('the app is closed');
    return this.#engine.answer(name, argument as Argument<N>);
  }

  /** One exchange, to its end. */
  async exchange(): Promise<void> {
    await this.call('exchange');
  }

  /** Everything that waits for its time comes due. */
  timePasses(): void {
    const due = [...this.timers];
    for (const body of due) body();
  }

  /** Waits until nothing is under way any more. */
  async settled(): Promise<void> {
    while ((await this.call('status')).exchanging) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /**
   * Does something with no network. The exchange that a save sets off has failed by the time there is one again:
   * else it might go through in a test that counts what got through.
   */
  async offline<T>(body: () => Promise<T>): Promise<T> {
    this.network.online = false;
    const result = await body();
    await this.settled();
    this.network.online = true;
    return result;
  }

  /** What the office would answer now. It takes in what was sent, as an office does when its answer is lost. */
  async peekAnswer(): Promise<Bytes> {
    let request = new Uint8Array();
    this.#peeking = (sent) => (request = new Uint8Array(sent));
    await this.exchange();
    this.#peeking = undefined;
    return this.#office.answer(this.account.device, request);
  }

  /** Whether phone and office hold the same of a feed, as the digest says. */
  async feedIsEqual(feed: string): Promise<boolean> {
    const hello = this.#office.requests.at(-1)?.[0];
    await this.exchange();
    const next = this.#office.requests.at(-1)?.[0];
    const sent = (next?.frame === 'hello' ? next : hello?.frame === 'hello' ? hello : undefined)?.feeds.find((it) => it.feed === feed);
    return sent !== undefined && low32(sent.digest) === low32(await this.#office.digest(feed));
  }

  draft(door: string, fields: Partial<VisitDraft> = {}): VisitDraft {
    this.nowMs += 1000;
    return {
      key: fields.visit ?? `new/${door}`, door, started_at: this.nowMs, changed_at: this.nowMs, purpose: 'routine',
      outcome: 'met', note: '', checks: {}, met: [], selection: 0, ...fields,
    };
  }

  /** A visit that is written and sent. */
  async written(door: string, note: string): Promise<string> {
    const { visit } = await this.call('save_visit', this.draft(door, { note }));
    await this.settled();
    return visit;
  }

  #surroundings(): Surroundings {
    return {
      now: () => this.nowMs,
      random: () => 0.5,
      fetch: (url, init) => this.#fetch(url, init),
      // A browser that believes in a network that is not there: every attempt is made, and fails.
      online: () => true,
      loadAutomerge: () => this.loadAutomerge(),
      later: (_delayMs, body) => {
        this.timers.add(body);
        return () => this.timers.delete(body);
      },
      storage: async () => this.use,
      app_version: '0.0.0',
      database_name: this.database,
    };
  }

  async #fetch(url: string, init: RequestInit = {}): Promise<Response> {
    if (url === '/api/enrol') return Response.json(this.#enrolment());
    if (this.network.online && url === '/api/rescue') return this.rescue(init.body as Uint8Array);
    if (this.network.online && url === '/api/device/last') {
      const { changes } = JSON.parse(String(init.body)) as { changes: [string, string][] };
      return Response.json({ lacking: this.lacking(changes.map(([, hash]) => hash)) });
    }
    if (!this.network.online || url !== '/api/sync') throw new TypeError('no network');
    if (this.network.dropRequests) throw new TypeError('the request never arrived');
    if (this.network.tokenUnknown) return Response.json({ error: { code: 'token_unknown', zh: '平台不认识这台设备', en: 'unknown' } }, { status: 401 });
    await this.network.beforeAnswer?.();
    if (this.#peeking) {
      this.#peeking(init.body as Uint8Array);
      throw new TypeError('only a look');
    }
    const body = init.body as Uint8Array;
    this.requestBytes = body.length;
    if (this.network.cutRequestAfter !== undefined && this.network.cutRequestAfter < body.length) {
      await this.#office.takePart(this.account.device, body.subarray(0, this.network.cutRequestAfter));
      throw new TypeError('network lost');
    }
    const answer = await this.#office.answer(this.account.device, body).catch((error: unknown) => error);
    if (answer instanceof BridgeError) return Response.json({ error: answer.refusal }, { status: 426 });
    if (!(answer instanceof Uint8Array)) throw answer;
    this.answer = answer;
    this.answers += 1;
    return new Response(streamOf(answer, this.network.cutAfter));
  }

  #enrolment(): unknown {
    const { device, person, name, role, feeds } = this.account;
    return {
      device, token: device, person: { id: person, name, role }, community: { id: COMMUNITY, name: '蓝湖小区' },
      feeds: feeds.map((feed) => ({ feed, name: '第一网格', kind: 'grid' })), server_key: '', server_time: this.nowMs,
    };
  }
}

/** In small pieces, as a radio gives them, and broken off when told so. */
function streamOf(bytes: Uint8Array, cutAfter: number | undefined): ReadableStream<Uint8Array> {
  const end = Math.min(cutAfter ?? bytes.length, bytes.length);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < end) {
        controller.enqueue(bytes.slice(at, Math.min(at + 700, end)));
        at = Math.min(at + 700, end);
      } else if (cutAfter === undefined || cutAfter >= bytes.length) controller.close();
      else controller.error(new TypeError('network lost'));
    },
  });
}

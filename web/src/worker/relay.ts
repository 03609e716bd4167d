// Several tabs, one engine. Every tab starts a worker; the one that holds the lock leads and owns the engine, the
// others pass their pages' calls to it. When the leader goes, the next takes over and what was pending is asked again.
// A leader that does not even say that it is there (a frozen tab) is not waited for: the lead is taken from it (ADR 017).

import { refusalOf } from '../bridge/error.ts';
import type { Ask, FromPage, FromWorker, PageState, Reply } from '../bridge/messages.ts';
import type { BridgeEvent } from '../bridge/types.ts';
import type { Engine } from './engine/engine.ts';
import type { Later } from './store/patience.ts';

/** Between workers. `from` and `to` name workers. */
type Message =
  | { kind: 'ask'; from: string; ask: Ask }
  | { kind: 'reply'; to: string; reply: Reply }
  | { kind: 'page'; from: string; state: PageState }
  | { kind: 'event'; event: BridgeEvent }
  | { kind: 'leading' }
  /** Is whoever leads alive? It answers at once, however long its work takes. */
  | { kind: 'who_leads' }
  | { kind: 'i_lead' };

export interface Channel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}

export interface RelayParts {
  /** Names this worker among the others. */
  id: string;
  channel: Channel;
  toPage(message: FromWorker): void;
  /** `claim`: the lead was taken from a worker that may still be running. */
  startEngine(emit: (event: BridgeEvent) => void, claim: boolean): Promise<Engine>;
  later: Later;
  /** Takes the lock from whoever holds it, and then calls `lead(true)`. */
  takeLead(): void;
}

/** The store's word that another worker has claimed it. */
const NO_LONGER_LEADING = 'no_longer_leading';
/** A question that is not answered by then makes us ask whether anybody leads. */
const ANSWER_MS = 4_000;
/** In turns: a tab that itself slept through one of them has not waited for the others. */
const SIGN_OF_LIFE_MS = 2_000;
const SIGNS_AWAITED = 3;

export class Relay {
  readonly #parts: RelayParts;
  readonly #pending = new Map<string, Ask>();
  readonly #visible = new Set<string>();
  /** What our own page told, for whoever leads. */
  #state: PageState | undefined;
  /** What any page told last, for the engine. */
  #told: PageState | undefined;
  #engine: Promise<Engine> | undefined;
  /** The engine once it has started. */
  #running: Engine | undefined;
  #failed = false;
  /** Somebody is asked whether they lead, and whether anybody has said so. */
  #doubting = false;
  #sawLeader = false;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    parts.channel.addEventListener('message', (event) => this.#fromOthers(event.data as Message));
  }

  /** Called when this worker holds the lock. `claim`: it was taken from a worker that did not answer. */
  lead(claim = false): void {
    if (this.#state) this.#takeState(this.#parts.id, this.#state);
    this.#start(claim);
    this.#post({ kind: 'leading' });
    for (const ask of this.#pending.values()) void this.#serve(ask, (reply) => this.#answerPage(reply));
  }

  /** The lock was taken from this worker: another leads, and answers what our page still waits for. */
  deposed(): void {
    if (!this.#engine) return;
    this.#discard();
    this.#engine = undefined;
    this.#askLeader();
  }

  /** The browser says that the network came or went. */
  network(online: boolean): void {
    void this.#engine?.then((engine) => engine.network(online), () => undefined);
  }

  #start(claim: boolean): void {
    this.#failed = false;
    this.#discard();
    const starting = this.#parts.startEngine((event) => this.#emit(event), claim);
    this.#engine = starting;
    void this.#settle(starting);
    this.#tellState();
  }

  /** An engine that has started, or could not; meanwhile another may lead. */
  async #settle(starting: Promise<Engine>): Promise<void> {
    try {
      const engine = await starting;
      if (this.#engine === starting) this.#running = engine;
      else await engine.stop();
    } catch {
      this.#failed ||= this.#engine === starting;
    }
  }

  #discard(): void {
    void this.#running?.stop();
    this.#running = undefined;
  }

  fromPage(message: FromPage): void {
    if (message.kind === 'page') {
      this.#state = message;
      if (this.#engine) this.#takeState(this.#parts.id, message);
      else this.#post({ kind: 'page', from: this.#parts.id, state: message });
      this.#doubtLater();
      return;
    }
    this.#pending.set(message.id, message);
    if (this.#engine) void this.#serve(message, (reply) => this.#answerPage(reply));
    else {
      this.#post({ kind: 'ask', from: this.#parts.id, ask: message });
      this.#doubtLater();
    }
  }

  /** Our question has waited for long: if nobody says that they lead, and a person looks at our page, we do. */
  #doubt(): void {
    if (this.#doubting || this.#engine || this.#pending.size === 0 || !this.#state?.visible) return;
    this.#doubting = true;
    this.#sawLeader = false;
    let asked = 0;
    const turn = (): void => {
      if (!this.#engine && !this.#sawLeader && asked < SIGNS_AWAITED) {
        asked += 1;
        this.#post({ kind: 'who_leads' });
        this.#parts.later(SIGN_OF_LIFE_MS, turn);
        return;
      }
      this.#doubting = false;
      if (this.#engine) return;
      if (this.#sawLeader) this.#doubtLater();
      else this.#parts.takeLead();
    };
    turn();
  }

  #doubtLater(): void {
    this.#parts.later(ANSWER_MS, () => this.#doubt());
  }

  #fromOthers(message: Message): void {
    switch (message.kind) {
      case 'ask':
        if (this.#engine) void this.#serve(message.ask, (reply) => this.#post({ kind: 'reply', to: message.from, reply }));
        return;
      case 'page':
        if (this.#engine) this.#takeState(message.from, message.state);
        return;
      case 'reply':
        if (message.to === this.#parts.id) this.#answerPage(message.reply);
        return;
      case 'event':
        this.#parts.toPage({ kind: 'event', event: message.event });
        return;
      case 'leading':
        this.#sawLeader = true;
        if (this.#engine) this.deposed();
        else this.#askLeader();
        return;
      case 'who_leads':
        if (this.#engine) this.#post({ kind: 'i_lead' });
        return;
      case 'i_lead':
        this.#sawLeader = true;
        return;
    }
  }

  /** The one before may have gone with our questions unanswered. Each is safe to ask twice. */
  #askLeader(): void {
    for (const ask of this.#pending.values()) this.#post({ kind: 'ask', from: this.#parts.id, ask });
    if (this.#state) this.#post({ kind: 'page', from: this.#parts.id, state: this.#state });
  }

  async #serve(ask: Ask, reply: (reply: Reply) => void): Promise<void> {
    // A store that did not open the first time, or fell silent, may open the next: someone still wants an answer.
    if (this.#failed || this.#running?.ended) this.#start(false);
    const serving = this.#engine;
    try {
      const engine = await serving;
      const answer = await engine?.answer(ask.name, ask.argument as never);
      reply({ kind: 'answer', id: ask.id, answer });
    } catch (error) {
      if (refusalOf(error).code === NO_LONGER_LEADING) {
        // Whoever asked asks the one that leads now; our own page's question is among those passed on.
        if (this.#engine === serving) this.deposed();
        return;
      }
      reply({ kind: 'refusal', id: ask.id, refusal: refusalOf(error) });
    }
  }

  #answerPage(reply: Reply): void {
    // A question asked of two leaders is answered once.
    if (this.#pending.delete(reply.id)) this.#parts.toPage(reply);
  }

  #emit(event: BridgeEvent): void {
    this.#parts.toPage({ kind: 'event', event });
    this.#post({ kind: 'event', event });
  }

  #takeState(from: string, state: PageState): void {
    if (state.visible) this.#visible.add(from);
    else this.#visible.delete(from);
    this.#told = state;
    this.#tellState();
  }

  #tellState(): void {
    const state = this.#told;
    if (state) void this.#engine?.then((engine) => engine.pageState(this.#visible.size > 0, state.persisted, state.online), () => undefined);
  }

  #post(message: Message): void {
    this.#parts.channel.postMessage(message);
  }
}

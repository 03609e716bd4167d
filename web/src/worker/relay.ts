// Several tabs, one engine. Every tab starts a worker; the one that holds the lock leads and owns the engine, the
// others pass their pages' calls to it. When the leader goes, the next takes over and what was pending is asked again.

import { refusalOf } from '../bridge/error.ts';
import type { Ask, FromPage, FromWorker, PageState, Reply } from '../bridge/messages.ts';
import type { BridgeEvent } from '../bridge/types.ts';
import type { Engine } from './engine/engine.ts';

/** Between workers. `from` and `to` name workers. */
type Message =
  | { kind: 'ask'; from: string; ask: Ask }
  | { kind: 'reply'; to: string; reply: Reply }
  | { kind: 'page'; from: string; state: PageState }
  | { kind: 'event'; event: BridgeEvent }
  | { kind: 'leading' };

export interface Channel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}

export interface RelayParts {
  /** Names this worker among the others. */
  id: string;
  channel: Channel;
  toPage(message: FromWorker): void;
  startEngine(emit: (event: BridgeEvent) => void): Promise<Engine>;
}

export class Relay {
  readonly #parts: RelayParts;
  readonly #pending = new Map<string, Ask>();
  readonly #visible = new Set<string>();
  /** What our own page told, for whoever leads. */
  #state: PageState | undefined;
  /** What any page told last, for the engine. */
  #told: PageState | undefined;
  #engine: Promise<Engine> | undefined;
  #failed = false;

  constructor(parts: RelayParts) {
    this.#parts = parts;
    parts.channel.addEventListener('message', (event) => this.#fromOthers(event.data as Message));
  }

  /** Called once, when this worker holds the lock. It leads until it ends. */
  lead(): void {
    if (this.#state) this.#takeState(this.#parts.id, this.#state);
    this.#start();
    this.#post({ kind: 'leading' });
    for (const ask of this.#pending.values()) void this.#serve(ask, (reply) => this.#answerPage(reply));
  }

  /** The browser says that the network came or went. */
  network(online: boolean): void {
    void this.#engine?.then((engine) => engine.network(online), () => undefined);
  }

  #start(): void {
    this.#failed = false;
    this.#engine = this.#parts.startEngine((event) => this.#emit(event));
    this.#engine.catch(() => (this.#failed = true));
    this.#tellState();
  }

  fromPage(message: FromPage): void {
    if (message.kind === 'page') {
      this.#state = message;
      if (this.#engine) this.#takeState(this.#parts.id, message);
      else this.#post({ kind: 'page', from: this.#parts.id, state: message });
      return;
    }
    this.#pending.set(message.id, message);
    if (this.#engine) void this.#serve(message, (reply) => this.#answerPage(reply));
    else this.#post({ kind: 'ask', from: this.#parts.id, ask: message });
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
        // The one before may have gone with our questions unanswered. Each is safe to ask twice.
        for (const ask of this.#pending.values()) this.#post({ kind: 'ask', from: this.#parts.id, ask });
        if (this.#state) this.#post({ kind: 'page', from: this.#parts.id, state: this.#state });
        return;
    }
  }

  async #serve(ask: Ask, reply: (reply: Reply) => void): Promise<void> {
    // A store that did not open the first time may open the next: someone still wants an answer.
    if (this.#failed) this.#start();
    try {
      const engine = await this.#engine;
      const answer = await engine?.answer(ask.name, ask.argument as never);
      reply({ kind: 'answer', id: ask.id, answer });
    } catch (error) {
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

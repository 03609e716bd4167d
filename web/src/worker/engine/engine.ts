// The engine behind the bridge: answers every call and says what changed. It runs in one worker at a time.
// It holds no page, no lock and no channel; those are in `relay.ts` and `main.ts`.

import type { Answer, Argument, BridgeEvent, CallName, Identity, Status } from '../../bridge/types.ts';
import { refusalOf } from '../../bridge/error.ts';
import { Library } from '../documents/library.ts';
import { Exchange } from '../exchange/exchange.ts';
import { getJson, postJson } from '../exchange/http.ts';
import { Live, type LiveEvent } from '../exchange/live.ts';
import { Schedule } from '../exchange/schedule.ts';
import { offline, storeEmptied } from '../refusals.ts';
import { Serial } from '../serial.ts';
import type { Directory, Enrolment, ParcelRow } from '../store/rows.ts';
import { Store } from '../store/store.ts';
import type { Surroundings } from '../surroundings.ts';
import { begin, beginAnew, enrol, takeDirectory, walkAnew } from './enrolling.ts';
import { offerLacking } from './lacking.ts';
import { Opening } from './opening.ts';
import { enrolled, isDesk, type Parts } from './parts.ts';
import { Parcels } from './parcels.ts';
import * as reading from './reading.ts';
import { Room } from './room.ts';
import { StatusBoard } from './status.ts';
import { Witnessing } from './witness.ts';
import { Writing } from './writing.ts';

type Handlers = { [N in CallName]: (argument: Argument<N>) => Promise<Answer<N>> };

const STORE_FULL = 'store_full';
/** The office does not know this device: it gave it up, or was restored from a copy older than the enrolment. */
const TOKEN_UNKNOWN = 'token_unknown';
/** Old rows are forgotten once the person has had time to look at the first screen. */
const TIDY_DELAY_MS = 30_000;

export class Engine {
  readonly #parts: Parts;
  readonly #room: Room;
  readonly #status: StatusBoard;
  readonly #opening: Opening;
  readonly #writing: Writing;
  readonly #parcels: Parcels;
  readonly #witnessing: Witnessing;
  readonly #live: Live;
  readonly #handlers: Handlers;
  #enrolment: Enrolment | undefined;
  #deskPrepared = false;
  /** For whom the office was asked what it lacks. */
  #askedOf: string | undefined;
  #isDisowned = false;
  #online: boolean;

  private constructor(surroundings: Surroundings, store: Store, emit: (event: BridgeEvent) => void) {
    this.#online = surroundings.online();
    const library = new Library(surroundings.loadAutomerge, surroundings.later);
    const writer = new Serial();
    const changed = (documents: readonly string[]): void => {
      if (documents.length > 0) emit({ event: 'changed', documents: [...documents] });
      this.#status.announce();
      this.#witnessing.tell();
    };
    const status = (): void => this.#status.announce();
    const exchange = new Exchange({
      surroundings, store, library, writer, changed, status, people: (directory) => this.#takePeople(directory),
    });
    const schedule = new Schedule({
      surroundings, status, online: () => this.#online, run: (everything) => this.#exchange(everything), pending: () => exchange.pending(),
      failed: async (refusal) => {
        this.#status.lastError = refusal;
        if (refusal.code === TOKEN_UNKNOWN) this.#isDisowned = true;
        if (refusal.code !== STORE_FULL) return;
        this.#status.looksFull();
        await this.#room.make().catch(() => false);
      },
    });
    this.#parts = {
      surroundings, store, library, writer, exchange, schedule, emit, changed, enrolment: () => this.#enrolment,
      online: () => this.#online,
    };
    this.#room = new Room(this.#parts);
    this.#status = new StatusBoard(this.#parts, (use) => this.#room.watch(use));
    this.#opening = new Opening(this.#parts);
    this.#writing = new Writing(this.#parts, this.#opening);
    this.#parcels = new Parcels(this.#parts);
    this.#witnessing = new Witnessing(this.#parts);
    this.#live = new Live(surroundings, (event) => this.#hear(event));
    this.#handlers = this.#makeHandlers();
    store.emptied = () => void this.#refill();
  }

  /**
   * Opens the store and starts the first exchange; reading does not wait for it. `claim`: the lead was taken from a
   * worker that did not answer, and that must write nothing any more.
   */
  static async start(surroundings: Surroundings, emit: (event: BridgeEvent) => void, claim = false): Promise<Engine> {
    const store = await Store.open(surroundings.database_name, surroundings.later, claim);
    const engine = new Engine(surroundings, store, emit);
    engine.#enrolment = await store.meta('enrolment');
    await engine.#mendFaces();
    // Nobody's store says nothing: what another store is remembered by stays as it is.
    if (engine.#enrolment) engine.#witnessing.tell();
    void engine.#parts.schedule.trigger('open');
    surroundings.later(TIDY_DELAY_MS, () => void engine.#parts.store.tidy(surroundings.now()).catch(() => undefined));
    return engine;
  }

  /** True when its store is of no more use; a new engine over the same store reads everything again. */
  get ended(): boolean {
    return this.#parts.store.ended;
  }

  /** Answers one call. Throws a `BridgeError` with words for the person. */
  async answer<N extends CallName>(name: N, argument: Argument<N>): Promise<Answer<N>> {
    try {
      return await this.#handlers[name](argument);
    } catch (error) {
      if (refusalOf(error).code !== STORE_FULL) throw error;
      this.#status.looksFull();
      // Every call may be asked twice.
      if (!(await this.#room.make().catch(() => false))) throw error;
      return this.#handlers[name](argument);
    }
  }

  /** The browser says that the network came or went. */
  network(online: boolean): void {
    if (online === this.#online) return;
    this.#online = online;
    this.#status.announce();
    if (!online) return;
    if (this.#live.running) this.#listen();
    void this.#parts.schedule.trigger('online');
  }

  /** Whether a person looks at any page, and what only pages know. */
  pageState(visible: boolean, persisted: boolean | null, online: boolean): void {
    if (persisted !== this.#status.persisted) {
      this.#status.persisted = persisted;
      this.#status.announce();
    }
    this.network(online);
    if (!visible) {
      this.#witnessing.tell();
      return this.#live.stop();
    }
    void this.#mendFaces();
    if (!this.#live.running) this.#listen();
    void this.#parts.schedule.trigger('visible');
  }

  async stop(): Promise<void> {
    this.#live.stop();
    this.#parts.schedule.stop();
    await this.#parts.store.close();
  }

  #makeHandlers(): Handlers {
    const parts = this.#parts;
    const { store, exchange, library, surroundings } = parts;
    return {
      identity: async () => this.#enrolment?.identity ?? null,
      enrol: ({ code }) => this.#enrol(code),
      lists: () => reading.lists(parts),
      buildings: () => reading.buildings(parts),
      building_face: ({ building }) => reading.building(parts, building),
      door_card: ({ door }) => reading.door(parts, door),
      due: () => reading.due(parts),
      my_visits: ({ limit }) => reading.myVisits(parts, limit),
      visit: ({ visit }) => this.#opening.visit(visit),
      draft: async ({ key }) => (await store.draft(key)) ?? null,
      drafts: async () => (await store.drafts()).sort((a, b) => b.changed_at - a.changed_at),
      put_draft: async (draft) => {
        await this.#writing.putDraft(draft);
        this.#witnessing.tellSoon();
      },
      drop_draft: async ({ key }) => {
        await store.dropDraft(key);
        this.#witnessing.tellSoon();
      },
      save_visit: (draft) => this.#writing.save(draft),
      review: ({ visit, state, comment }) => this.#writing.review(visit, state, comment),
      settle: ({ visit, path, value }) => this.#writing.settle(visit, path, value),
      reveal: (argument) => this.#reveal(argument),
      status: () => this.#status.status(),
      exchange: () => this.#exchangeNow(),
      // Only a window may ask for this; the bridge does, and tells the answer as page state.
      persist: async () => this.#status.persisted ?? false,
      counters: async () => ({ documents_loaded: library.opened, ...exchange.counters }),
      rescue_file: () => this.#witnessing.file(),
      take_rescue: ({ bytes }) => this.#parcels.take(bytes),
      parcels: () => this.#parcels.list(),
      parcel_file: ({ id }) => this.#parcels.file(id),
      send_parcel: ({ id }) => this.#parcels.send(id),
      drop_parcel: async ({ id }) => {
        await this.#parcels.drop(id);
        parts.changed([id]);
      },
      get: ({ path }) => getJson(surroundings.fetch, enrolled(parts).token, ownPath(path)),
      post: ({ path, body }) => postJson(surroundings.fetch, enrolled(parts).token, ownPath(path), body),
      leave: () => this.#leave(),
    };
  }

  async #enrol(code: string): Promise<Identity> {
    const isDisowned = this.#isDisowned && this.#enrolment !== undefined;
    const enrolment = await enrol(this.#parts, code, isDisowned);
    if (enrolment === this.#enrolment) return enrolment.identity;
    const become = (): void => this.#become(enrolment);
    await (isDisowned ? beginAnew(this.#parts, enrolment, () => this.#ownParcel(), become) : begin(this.#parts, enrolment, become));
    this.#listen();
    void this.#parts.schedule.trigger('open');
    return enrolment.identity;
  }

  async #ownParcel(): Promise<ParcelRow | undefined> {
    try {
      return await this.#parcels.carried((await this.#witnessing.file()).bytes);
    } catch (error) {
      if (refusalOf(error).code === 'nothing_to_rescue') return undefined;
      throw error;
    }
  }

  async #leave(): Promise<void> {
    await begin(this.#parts, undefined, () => this.#become(undefined));
    this.#live.stop();
  }

  /** Nothing of the former person stays in memory either. */
  #become(enrolment: Enrolment | undefined): void {
    this.#deskPrepared = false;
    this.#isDisowned = false;
    this.#status.lastError = undefined;
    this.#opening.forget();
    this.#setEnrolment(enrolment);
  }

  /** Every page learns whose phone this is, also in other tabs. */
  #setEnrolment(enrolment: Enrolment | undefined): void {
    this.#enrolment = enrolment;
    this.#parts.emit({ event: 'identity', identity: enrolment?.identity ?? null });
    this.#status.announce();
    this.#witnessing.tell();
  }

  async #refill(): Promise<void> {
    await walkAnew(this.#parts).catch(() => undefined);
    this.#deskPrepared = false;
    this.#opening.forget();
    this.#status.lastError = storeEmptied().refusal;
    this.#parts.emit({ event: 'identity', identity: this.#enrolment?.identity ?? null });
    this.#status.announce();
    void this.#parts.schedule.trigger('open');
  }

  async #exchange(everything: boolean): Promise<void> {
    const enrolment = this.#enrolment;
    if (!enrolment) return;
    if (isDesk(enrolment) && !this.#deskPrepared) {
      // The desk walks no feed, so the code lists are asked for by name, once.
      this.#parts.exchange.want([enrolment.identity.community.id]);
      this.#deskPrepared = true;
    }
    await this.#parts.exchange.run(enrolment, everything);
    if (await this.#hasLost(enrolment)) await this.#parts.exchange.run(enrolment, everything);
    this.#status.lastError = undefined;
    this.#isDisowned = false;
    void this.#parcels.deliver();
    await this.#mendFaces();
  }

  /** Asked once after the start; where there is no answer, after the next exchange. */
  async #hasLost(enrolment: Enrolment): Promise<boolean> {
    if (this.#askedOf === enrolment.token) return false;
    try {
      const hasLost = await offerLacking(this.#parts);
      this.#askedOf = enrolment.token;
      return hasLost;
    } catch {
      return false;
    }
  }

  /** The clock may have been set meanwhile, and windows be lit by a visit of next year. */
  async #mendFaces(): Promise<void> {
    const { store, surroundings, writer, changed } = this.#parts;
    const doors = await writer.run(() => store.mendFaces(surroundings.now()).catch(() => []));
    if (doors.length > 0) changed(doors);
  }

  async #exchangeNow(): Promise<Status> {
    enrolled(this.#parts);
    await this.#parts.schedule.trigger('button');
    return this.#status.status();
  }

  async #takePeople(directory: Directory): Promise<boolean> {
    const before = this.#enrolment;
    if (!before) return false;
    const after = await takeDirectory(this.#parts, before, directory);
    if (after === before) return false;
    this.#setEnrolment(after);
    return !isDesk(after);
  }

  async #reveal({ door, resident, field }: Argument<'reveal'>): Promise<{ value: string }> {
    const { token } = enrolled(this.#parts);
    if (!this.#parts.online()) throw offline();
    const path = `/api/persons/${encodeURIComponent(door)}/${encodeURIComponent(resident)}/${field}`;
    const answer = (await getJson(this.#parts.surroundings.fetch, token, path)) as Record<string, unknown>;
    return { value: String(answer[field] ?? '') };
  }

  #listen(): void {
    if (this.#enrolment) this.#live.start(this.#enrolment.token);
  }

  #hear(event: LiveEvent): void {
    this.#opening.moved();
    this.#parts.emit({ event: 'live', ...event });
    const { feed, seq } = event;
    if (feed === undefined || seq === undefined) return;
    const isBehind = async (): Promise<boolean> =>
      (await this.#parts.store.feeds()).some((row) => row.feed === feed && row.cursor < seq);
    void isBehind().then((behind) => (behind ? this.#parts.schedule.trigger('live', isBehind) : undefined));
  }
}

/** The token goes to our own routes only. */
function ownPath(path: string): string {
  if (!path.startsWith('/api/')) throw new TypeError(`not a route of the program: ${path}`);
  return path;
}

// The border between the pages and the worker: every question a page may ask, every event it may hear.
// Shapes only. No code, no storage, no Automerge.

/** UUID text. */
export type Id = string;
/** Milliseconds since 1970, UTC. */
export type TimeMs = number;

export type Role = 'grid_worker' | 'community_supervisor' | (string & {});

export interface Identity {
  person: { id: Id; name: string; role: Role };
  device: Id;
  community: { id: Id; name: string };
  feeds: { feed: Id; name: string; kind: 'grid' | 'community' }[];
}

export interface ListEntry { code: string; zh: string; en?: string; order: number }
/** Code lists and phrases of the community; empty before the first exchange. */
export interface Lists {
  purposes: ListEntry[]; outcomes: ListEntry[]; tags: ListEntry[]; checks: ListEntry[];
  phrases: { id: string; zh: string; order: number }[];
}

/** ○ on the phone, ◐ on its way, ● at the office, ✓ read by a supervisor, ! in the tray, × refused. */
export type Mark = 'on_phone' | 'sending' | 'on_server' | 'seen' | 'held' | 'refused';

/** A window of the building face: seen within its interval, due, or never seen. */
export type Light = 'lit' | 'due' | 'dark';

export interface BuildingRow {
  building: string; doors: number; lit: number; due: number; dark: number; unsent: number;
  units: number; floors: number;
}
export interface DoorCell {
  id: Id; unit: string; floor: number; label: string; light: Light;
  last_visit_at?: TimeMs; last_outcome?: string; tags: string[]; unsent: boolean;
}
/** Floors from the top down; each floor's doors in unit then label order. */
export interface BuildingFace {
  building: string; units: string[]; floors: { floor: number; doors: DoorCell[] }[];
}
export interface DoorAddress { id: Id; building: string; unit: string; floor: number; label: string }
export interface Resident {
  id: Id; name: string; relation?: string; birth_year?: number; tags: string[]; sealed: string[];
}
export interface VisitRow {
  id: Id; door: DoorAddress; at: TimeMs; by: Id; by_name: string; purpose: string; outcome: string;
  note: string; note_chars: number; mark: Mark; held_reason?: string;
  review?: { state?: string; by_name?: string; at?: TimeMs; comment?: string };
  conflicts: string[];
}
export interface DoorCard {
  door: DoorAddress; tags: string[]; persons: Resident[]; remarks?: string;
  plan?: { interval_days?: number; purpose?: string };
  light: Light; due_at?: TimeMs; last_visit_at?: TimeMs; visits: VisitRow[];
  /** Doors before and after on the walk from the top down. */
  previous?: DoorAddress; next?: DoorAddress;
}
export interface DueRow {
  door: DoorAddress; persons: string[]; tags: string[]; purpose?: string;
  /** Undefined: never seen. */
  due_at?: TimeMs; days_left?: number; last_visit_at?: TimeMs;
}

/** Text of one author, in reading order. */
export interface AuthorRun { text: string; person?: Id; name: string; at: TimeMs }
export interface ConflictValue { value: string; person?: Id; name: string; at: TimeMs }
/** One field that holds two or more values; the first is the one shown elsewhere. */
export interface Conflict { path: string; values: ConflictValue[] }
export interface HistoryEntry {
  hash: string; at: TimeMs; person?: Id; name: string;
  /** Paths of the fields the change wrote, such as `note`, `outcome`, `review/state`. */
  fields: string[];
  /** The note as it stood after this change. */
  note: string;
}
export interface VisitView extends VisitRow {
  /** False: only the row is here; the document comes when there is signal. The fields below are then empty. */
  whole: boolean;
  /** The heads shown; a draft that begins from this view carries them as `base_heads`. */
  heads: string[];
  runs: AuthorRun[]; comment_runs: AuthorRun[]; checks: Record<string, string>; met: Id[]; met_names: string[];
  history: HistoryEntry[]; conflict_values: Conflict[];
}

/** What a person is writing, kept at each keystroke, outside Automerge. */
export interface VisitDraft {
  /** A new visit at a door, or the visit being edited. */
  key: string;
  door: Id; visit?: Id; started_at: TimeMs; changed_at: TimeMs;
  purpose: string; outcome: string; note: string; checks: Record<string, string>; met: Id[];
  /** Cursor in the note, in UTF-16 units. */
  selection: number;
  /** The note of the document when this draft began, so that a merge under it is seen. */
  base_note?: string;
  /** Heads when this draft began, so that the save is written against what the person saw. */
  base_heads?: string[];
}

export interface TrayItem { document: Id; door?: DoorAddress; at: TimeMs; reason: string; status: 'held' | 'refused' }
export interface Status {
  online: boolean; exchanging: boolean;
  /** Changes not yet receipted. */
  waiting: number; held: TrayItem[];
  /** When the oldest of them was written. */
  oldest_waiting_at?: TimeMs;
  last_exchange_at?: TimeMs; last_error?: { code: string; zh: string; en: string };
  /** Null while unknown. */
  persisted: boolean | null; storage_used_bytes?: number; storage_quota_bytes?: number;
  /** Room runs short: the next save may find none. Where a write found none already, the browser's reckoning is not told. */
  storage_short: boolean;
  /** Server time minus phone time at the last exchange. */
  clock_error_ms?: number;
  version: string; update_ready: boolean;
  doors: number; visits: number; documents_whole: number;
}

/** One unsent change, as far as one can speak of it without its words. */
export interface UnsentItem { document: Id; hash: string; door?: Id; place: string; at: TimeMs }
/** What is kept outside the store in case the browser clears it: whose phone this is, what was not sent, and a copy of that. */
export interface Witness {
  device: Id; person: { id: Id; name: string }; community: string; at: TimeMs;
  unsent: UnsentItem[];
  /** The rescue file as base64; absent when nothing is unsent. */
  file?: string;
}
export interface RescueFile { name: string; bytes: Uint8Array<ArrayBuffer>; changes: number; drafts: number }

/** What the office said of one change in a rescue file. */
export interface RescuedLine {
  place: string; at: TimeMs; door?: Id; document: Id; status: 'accepted' | 'held' | 'refused'; was_here: boolean; reason?: Refusal;
}
/** Somebody began to write it; it is in the file for people to read. */
export interface RescuedDraft { door: Id; visit?: Id; place: string; changed_at: TimeMs; note: string }
/** A rescue file that this device carries, or has brought to the office. */
export interface Parcel {
  id: string; device: Id; name: string; made_at: TimeMs; taken_at: TimeMs;
  /** `partly`: the office did not keep all of it; the file stays here and is sent again later. */
  state: 'waiting' | 'taken' | 'partly' | 'refused'; refusal?: Refusal;
  /** What the file says, until the office has said what became of it. */
  items: { place: string; at: TimeMs; door?: Id }[];
  lines: RescuedLine[]; drafts: RescuedDraft[];
}

export interface Counters {
  /** Automerge documents loaded since the worker started. */
  documents_loaded: number; exchanges: number; requests: number;
}

/** What a page may ask: name → [argument, answer]. */
export interface Calls {
  identity: [void, Identity | null];
  enrol: [{ code: string }, Identity];
  lists: [void, Lists];
  buildings: [void, BuildingRow[]];
  building_face: [{ building: string }, BuildingFace];
  door_card: [{ door: Id }, DoorCard | null];
  due: [void, DueRow[]];
  /** My own visits, newest first, with their marks. */
  my_visits: [{ limit: number }, VisitRow[]];
  /** Opens the document; asks the server for it when only its row is here and there is signal. */
  visit: [{ visit: Id }, VisitView | null];
  draft: [{ key: string }, VisitDraft | null];
  drafts: [void, VisitDraft[]];
  put_draft: [VisitDraft, void];
  drop_draft: [{ key: string }, void];
  /** One save, one change. Answers the visit's id. Starts an exchange when there is signal. */
  save_visit: [VisitDraft, { visit: Id }];
  review: [{ visit: Id; state?: 'accepted' | 'asked_back'; comment?: string }, void];
  settle: [{ visit: Id; path: string; value: string }, void];
  /** A sealed fact, asked of the server; each call is recorded there. */
  reveal: [{ door: Id; resident: Id; field: 'phone' }, { value: string }];
  status: [void, Status];
  exchange: [void, Status];
  persist: [void, boolean];
  counters: [void, Counters];
  /** Everything unsent, as a file that another device may carry. */
  rescue_file: [void, RescueFile];
  /** Takes a rescue file along, and to the office as soon as there is signal. */
  take_rescue: [{ bytes: Uint8Array<ArrayBuffer> }, Parcel];
  parcels: [void, Parcel[]];
  /** The file itself, as long as it is here. */
  parcel_file: [{ id: string }, Pick<RescueFile, 'name' | 'bytes'> | null];
  /** Tries again now to bring it to the office. */
  send_parcel: [{ id: string }, void];
  /** Forgets a file. */
  drop_parcel: [{ id: string }, void];
  /** A desk route, read with the device's token. Throws BridgeError with the server's words. */
  get: [{ path: string }, unknown];
  post: [{ path: string; body?: unknown }, unknown];
  /** Clears the phone. Refused while anything written here has not reached the office. */
  leave: [void, void];
}

export type CallName = keyof Calls;
export type Argument<N extends CallName> = Calls[N][0];
export type Answer<N extends CallName> = Calls[N][1];

/** What a page may hear. After `changed` it asks again for what it shows. */
export type BridgeEvent =
  | { event: 'changed'; documents: Id[] }
  | { event: 'status'; status: Status }
  /** Somebody enrolled or left, in this tab or another, or this person's feeds are others now. */
  | { event: 'identity'; identity: Identity | null }
  /** The server said something moved; the desk reads its lists again. */
  | { event: 'live'; feed?: Id; seq?: number; tray?: number }
  /** To be kept outside the store; null: nobody uses this phone any more. */
  | { event: 'witness'; witness: Witness | null }
  | { event: 'update_ready' };

/** An error with words for the person. */
export interface Refusal { code: string; zh: string; en: string }

// Someone else who writes at the same office, without a phone of their own in the test.

import { actorOf } from '../bytes.ts';
import { createVisit, editVisit, type Made } from '../documents/edit.ts';
import { genesisOf } from '../documents/genesis.ts';
import type { Automerge, Content, Document } from '../documents/library.ts';
import { visitId } from '../ids.ts';
import type { Account } from './held.ts';
import type { Office } from './office.ts';
import { GRID } from './phone.ts';

export class Colleague {
  readonly #automerge: Automerge;
  readonly #office: Office;
  readonly #account: Account;
  #nowMs: number;

  constructor(automerge: Automerge, office: Office, account: Account, nowMs = 1_799_000_000_000) {
    this.#automerge = automerge;
    this.#office = office;
    this.#account = account;
    this.#nowMs = nowMs;
  }

  /** A visit that reaches the office at once. */
  async visit(door: string, note: string, outcome = 'met', atMs = (this.#nowMs += 1000)): Promise<string> {
    const document = this.#load(genesisOf('visit')?.bytes ?? new Uint8Array());
    const fields = { purpose: 'routine', outcome, note, checks: {}, met: [], door, at: atMs, by: this.#account.person };
    const id = await visitId(this.#account.device, (this.#nowMs += 1));
    this.#put(id, createVisit(this.#automerge, document, fields, atMs));
    return id;
  }

  /** Goes on writing in a visit as the office has it. */
  edit(visit: string, note: string, outcome = 'met'): void {
    const genesis = genesisOf('visit')?.bytes ?? new Uint8Array();
    const document = this.#load(new Uint8Array([...genesis, ...this.#office.chunks(visit)]));
    const made = editVisit(this.#automerge, document, undefined, { purpose: 'routine', outcome, note, checks: {}, met: [] }, this.#nowMs);
    if (made) this.#put(visit, made);
  }

  #load(bytes: Uint8Array): Document {
    return this.#automerge.load<Content>(bytes, actorOf(this.#account.device, 0));
  }

  #put(visit: string, made: Made): void {
    this.#office.put(visit, 'visit', GRID, this.#account.device, made.bytes);
    this.#automerge.free(made.document);
  }
}

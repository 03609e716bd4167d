// The tray of the small office: what lacks its ground waits there, as at the real one, until the ground has come.

import { genesisOf } from '../documents/genesis.ts';
import type { Automerge } from '../documents/library.ts';
import type { ChangeFrame, Receipt } from '../exchange/frames.ts';
import type { Office } from './office.ts';

export class Tray {
  waiting: ChangeFrame[] = [];
  readonly #automerge: Automerge;
  readonly #office: Office;

  private constructor(automerge: Automerge, office: Office) {
    this.#automerge = automerge;
    this.#office = office;
  }

  /** From now on this office has one. */
  static at(automerge: Automerge, office: Office): Tray {
    const tray = new Tray(automerge, office);
    office.judge = (change) => (tray.#isGrounded(change) ? undefined : tray.#hold(change));
    return tray;
  }

  /** Takes in what can be taken in now. */
  empty(): void {
    for (let found = this.#take(); found; found = this.#take()) this.waiting = this.waiting.filter((it) => it !== found);
  }

  #hold(change: ChangeFrame): Pick<Receipt, 'status' | 'reason'> {
    this.waiting = [...this.waiting.filter((it) => it.bytes.join() !== change.bytes.join()), change];
    return { status: 'held', reason: 'waits' };
  }

  #take(): ChangeFrame | undefined {
    const found = this.waiting.find((change) => this.#isGrounded(change));
    if (found) this.#office.put(found.document, found.kind, found.feed, 'the office', found.bytes);
    return found;
  }

  #isGrounded({ document, kind, bytes }: ChangeFrame): boolean {
    const known = new Set([genesisOf(kind)?.hash, ...(this.#office.documents.get(document)?.changes ?? []).map((it) => it.hash)]);
    return this.#automerge.decodeChange(bytes).deps.every((hash) => known.has(hash));
  }
}

// Two phones at one office that is restored again and again, in any order: no word is lost, and all come to rest.

import { array, assert, asyncProperty, constant, constantFrom, nat, oneof, record, type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Version } from './frames.ts';
import { GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors } from '../testing/practice.ts';
import { Tray } from '../testing/tray.ts';

const A = await automerge();
const RUNS = 8;
const STEPS_MAX = 24;
const ROUNDS = 4;
const REST_MS = 2 * 60 * 60 * 1000;

type Step =
  | { do: 'write'; phone: number } | { do: 'exchange'; phone: number } | { do: 'edit'; phone: number; visit: number }
  | { do: 'back_up' } | { do: 'restore' };

const phone = nat({ max: 1 });
const step: Arbitrary<Step> = oneof(
  { weight: 2, arbitrary: record({ do: constant('write'), phone }) },
  { weight: 3, arbitrary: record({ do: constant('edit'), phone, visit: nat({ max: 5 }) }) },
  { weight: 2, arbitrary: record({ do: constant('exchange'), phone }) },
  { weight: 1, arbitrary: record({ do: constantFrom('back_up', 'restore') }) },
) as Arbitrary<Step>;

class Day {
  readonly office = officeWithDoors(A, 3);
  readonly tray = Tray.at(A, this.office);
  phones: Phone[] = [];
  /** What was written in each visit, word by word, and where. */
  readonly words = new Map<string, { word: string; by: Phone }[]>();
  #restore: () => void = () => undefined;
  #count = 0;

  async begin(version: Version): Promise<void> {
    this.office.speaks = version;
    this.phones = await Promise.all([CHEN, LIN].map((account) => Phone.enrol(this.office, account)));
    for (const it of this.phones) {
      it.lacking = (hashes) => this.lacking(hashes);
      await it.exchange();
    }
    this.#backUp();
  }

  async live(next: Step): Promise<void> {
    if (next.do === 'back_up') return this.#backUp();
    if (next.do === 'restore') return this.#restore();
    const it = this.phones[next.phone] as Phone;
    if (next.do === 'write') return this.#write(it, undefined);
    if (next.do === 'edit') return this.#write(it, [...this.words.keys()][next.visit]);
    await this.exchange(it);
  }

  async exchange(it: Phone): Promise<void> {
    await it.exchange();
    this.tray.empty();
  }

  /** What was written in this visit and is neither at the office nor shown as kept back on the phone that wrote it. */
  async lost(visit: string): Promise<string[]> {
    const atOffice = this.office.documents.has(visit) ? this.office.open(visit)['checks'] as object : {};
    const keptBack = async (by: Phone, word: string): Promise<boolean> => {
      const view = await by.call('visit', { visit });
      return view?.mark === 'held' && word in view.checks;
    };
    const lost: string[] = [];
    for (const { word, by } of this.words.get(visit) ?? []) if (!(word in atOffice) && !(await keptBack(by, word))) lost.push(word);
    return lost;
  }

  /** What is in no document here and not in the tray. */
  lacking(hashes: readonly string[]): string[] {
    const there = [...this.office.documents.values()].flatMap((held) => held.changes.map((change) => change.hash));
    const known = new Set([...there, ...this.tray.waiting.map((change) => A.decodeChange(change.bytes).hash)]);
    return hashes.filter((hash) => !known.has(hash));
  }

  #backUp(): void {
    const back = this.office.backup();
    const waiting = [...this.tray.waiting];
    this.#restore = () => {
      back();
      this.tray.waiting = [...waiting];
    };
  }

  async #write(it: Phone, existing: string | undefined): Promise<void> {
    const view = existing === undefined ? null : await it.call('visit', { visit: existing });
    await it.settled();
    if (existing !== undefined && !view?.whole) return;
    const word = `word ${this.#count++}`;
    const fields = existing === undefined ? { note: word } : { visit: existing, note: `${view?.note} ${word}` };
    const { visit } = await it.offline(() => it.call('save_visit', it.draft(view?.door.id ?? doorId(1), { ...fields, checks: { ...view?.checks, [word]: 'ok' } })));
    this.words.set(visit, [...(this.words.get(visit) ?? []), { word, by: it }]);
  }
}

describe.each<Version>([2, 1])('an office of version %i that is restored at any time', (version) => {
  it('has every word in the end, or the phone that wrote it says that it is kept back, and nothing repeats', async () => {
    await assert(asyncProperty(array(step, { maxLength: STEPS_MAX }), async (steps) => {
      const day = new Day();
      await day.begin(version);
      for (const next of steps) await day.live(next);
      // Every app is opened once more, and asks what the office lacks.
      for (const it of day.phones) {
        await it.kill();
        await it.start();
        await it.settled();
      }
      for (let round = 0; round < ROUNDS; round++) {
        for (const it of day.phones) {
          it.nowMs += REST_MS;
          await day.exchange(it);
        }
      }
      for (const visit of day.words.keys()) expect(await day.lost(visit)).toEqual([]);
      for (const it of day.phones) {
        expect(await it.feedIsEqual(GRID)).toBe(true);
        expect((await it.call('status')).waiting).toBe(0);
        const before = day.office.requests.length;
        await it.exchange();
        expect(day.office.requests.length).toBe(before + 1);
      }
    }), { numRuns: RUNS, endOnFailure: true });
  });
});

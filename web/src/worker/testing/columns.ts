// The columns of a rows frame as the program writes them; reading them is the phone's, in `exchange/columns.ts`.

import { concat, idToBytes } from '../bytes.ts';
import { visitMadeAtMs } from '../ids.ts';
import { toItems } from '../exchange/value.ts';

const PLAIN = 255;

export async function writeDocuments(documents: readonly string[], devices: readonly string[], clockMs: number): Promise<unknown[]> {
  const made = await Promise.all(documents.map((document) => madeBy(document, devices)));
  const which = made.map((it) => (it ? devices.indexOf(it.device) : PLAIN));
  const offsets = made.flatMap((it) => (it ? [clockMs - it.ms] : []));
  const plain = documents.filter((_, at) => !made[at]);
  return [concat(devices.map(idToBytes)), new Uint8Array(which), differences(offsets), concat(plain.map(idToBytes))];
}

/** The device among these that made a visit, and when. */
export async function madeBy(document: string, devices: readonly string[]): Promise<{ device: string; ms: number } | undefined> {
  for (const device of devices) {
    const ms = await visitMadeAtMs(device, document);
    if (ms !== undefined) return { device, ms };
  }
  return undefined;
}

export function writeTable(rows: readonly unknown[]): unknown[] {
  const keys: string[] = [];
  const shapes: number[][] = [];
  const columns: unknown[][] = [];
  const which = rows.map((row) => {
    if (row === undefined || row === null) return -1;
    const shape = Object.entries(row as Record<string, unknown>).map(([key, value]) => {
      const place = placeOf(keys, key, (a, b) => a === b);
      (columns[place] ??= []).push(value);
      return place;
    });
    return placeOf(shapes, shape, (a, b) => a.join() === b.join());
  });
  return [keys, shapes, which, columns.map(writeColumn)];
}

function writeColumn(values: readonly unknown[]): unknown[] {
  if (values.every((value) => Number.isSafeInteger(value))) return [1, ...differences(values as number[])];
  return [0, ...values.map(toItems)];
}

export function differences(values: readonly number[]): number[] {
  return values.map((value, at) => value - (values[at - 1] ?? 0));
}

function placeOf<T>(known: T[], wanted: T, equal: (a: T, b: T) => boolean): number {
  const place = known.findIndex((it) => equal(it, wanted));
  return place >= 0 ? place : known.push(wanted) - 1;
}

// The columns of a rows frame (PROTOCOL.md part 4): ids of documents, and summaries key by key. Reading only.

import { idFromBytes } from '../bytes.ts';
import { visitId } from '../ids.ts';
import { bytesOf, list, pieces, running, text, whole } from './items.ts';
import { fromItems } from './value.ts';

const ID_BYTES = 16;
/** Stands for a document whose id no device's clock gave it. */
const PLAIN = 255;
const VALUES = 0;
const DIFFERENCES = 1;

/** The ids of the documents, in order. */
export async function readDocuments(value: unknown, clockMs: number): Promise<string[]> {
  const [deviceBytes, which, offsets, ids] = list(value);
  const devices = pieces(deviceBytes, ID_BYTES).map(idFromBytes);
  const madeAgo = running(offsets).values();
  const plain = pieces(ids, ID_BYTES).map(idFromBytes).values();
  return Promise.all([...bytesOf(which)].map((place) => {
    if (place === PLAIN) return taken(plain);
    return visitId(present(devices[place]), clockMs - taken(madeAgo));
  }));
}

/** The summaries of the rows, in order; undefined where there is none. */
export function readTable(value: unknown): unknown[] {
  const [keyItems, shapeItems, which, columnItems] = list(value);
  const keys = list(keyItems).map(text);
  const shapes = list(shapeItems).map((shape) => list(shape).map(whole));
  const columns = list(columnItems).map((column) => readColumn(column).values());
  return list(which).map((place) => {
    if (whole(place) < 0) return undefined;
    const members = present(shapes[whole(place)]).map((key) => [present(keys[key]), taken(present(columns[key]))]);
    return Object.fromEntries(members) as unknown;
  });
}

function readColumn(value: unknown): unknown[] {
  const [how, ...items] = list(value);
  if (how === VALUES) return items.map(fromItems);
  if (how === DIFFERENCES) return running(items);
  throw new TypeError('an unknown kind of column');
}

function taken<T>(values: Iterator<T>): T {
  const next = values.next();
  if (next.done) throw new TypeError('a column is too short');
  return next.value;
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a place that is not in the list');
  return value;
}

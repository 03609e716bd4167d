// JSON as CBOR items and back (PROTOCOL.md part 4, *value*): the text of a UUID travels as its 16 bytes.

import { idFromBytes, idToBytes } from '../bytes.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What to give a CBOR writer for this JSON. */
export function toItems(value: unknown): unknown {
  if (typeof value === 'string') return UUID.test(value) ? idToBytes(value) : value;
  if (Array.isArray(value)) return value.map(toItems);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toItems(item)]));
}

/** The JSON in what a CBOR reader gave. Throws on bytes that are no id. */
export function fromItems(items: unknown): unknown {
  if (items instanceof Uint8Array) return idFromBytes(items);
  if (Array.isArray(items)) return items.map(fromItems);
  if (typeof items !== 'object' || items === null) return items;
  return Object.fromEntries(Object.entries(items).map(([key, item]) => [key, fromItems(item)]));
}

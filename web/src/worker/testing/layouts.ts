// A phone's whole database as text and back: how released layouts of the store are kept for the tests to open.
// It speaks IndexedDB itself, so that what is kept does not depend on the code under test.

import 'fake-indexeddb/auto';
import { readFile, readdir, writeFile } from 'node:fs/promises';

interface IndexShape { name: string; keyPath: string | string[] }
interface StoreShape { name: string; keyPath: string | null; indexes: IndexShape[]; rows: [unknown, unknown][] }
/** A database as it stood, with what the test must know of it. */
export interface Layout { version: number; at: number; stores: StoreShape[] }

const FOLDER = new URL('layouts/', import.meta.url);

/** The versions of which there is a fixture. */
export async function keptVersions(): Promise<number[]> {
  return (await readdir(FOLDER)).map((name) => Number(/^version-(\d+)\.json$/.exec(name)?.[1])).sort((a, b) => a - b);
}

export async function readLayout(version: number): Promise<Layout> {
  return JSON.parse(await readFile(fileOf(version), 'utf8'), revive) as Layout;
}

export async function writeLayout(layout: Layout): Promise<void> {
  await writeFile(fileOf(layout.version), `${JSON.stringify(layout, plain, 1)}\n`);
}

/** All that is in the database of this name. */
export async function dumpLayout(name: string, at: number): Promise<Layout> {
  const database = await answer(indexedDB.open(name));
  const transaction = database.transaction([...database.objectStoreNames]);
  const stores = await Promise.all([...database.objectStoreNames].map(async (storeName): Promise<StoreShape> => {
    const store = transaction.objectStore(storeName);
    const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
    const indexes = [...store.indexNames].map((index) => ({ name: index, keyPath: store.index(index).keyPath }));
    return { name: storeName, keyPath: store.keyPath as string | null, indexes, rows: keys.map((key, n) => [key, values[n]]) };
  }));
  const { version } = database;
  database.close();
  return { version, at, stores };
}

/** Makes a database of this name as it stood. */
export async function restoreLayout(name: string, { version, stores }: Layout): Promise<void> {
  await answer(indexedDB.deleteDatabase(name));
  const request = indexedDB.open(name, version);
  request.addEventListener('upgradeneeded', () => {
    for (const { name: storeName, keyPath, indexes } of stores) {
      const store = request.result.createObjectStore(storeName, { keyPath });
      for (const index of indexes) store.createIndex(index.name, index.keyPath);
    }
  });
  const database = await answer(request);
  const transaction = database.transaction(stores.map((store) => store.name), 'readwrite');
  for (const { name: storeName, keyPath, rows } of stores) {
    for (const [key, value] of rows) transaction.objectStore(storeName).put(value, keyPath === null ? (key as IDBValidKey) : undefined);
  }
  await new Promise((resolve) => transaction.addEventListener('complete', resolve));
  database.close();
}

function fileOf(version: number): URL {
  return new URL(`version-${version}.json`, FOLDER);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('no answer')));
  });
}

/** JSON knows neither bytes nor big integers. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) };
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value;
}

function revive(_key: string, value: unknown): unknown {
  const kept = value as { bigint?: unknown; bytes?: unknown } | null;
  if (typeof kept?.bigint === 'string') return BigInt(kept.bigint);
  return typeof kept?.bytes === 'string' ? new Uint8Array(Buffer.from(kept.bytes, 'base64')) : value;
}

// The store's layouts, oldest first. A phone runs those it has not run yet; a released one is never edited.

import type { IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { StairwellSchema } from './rows.ts';

export type Upgrading = IDBPTransaction<StairwellSchema, StoreNames<StairwellSchema>[], 'versionchange'>;
type Migration = (database: IDBPDatabase<StairwellSchema>, transaction: Upgrading) => void;

const MIGRATIONS: Migration[] = [
  function layFoundations(database) {
    const documents = database.createObjectStore('documents', { keyPath: 'id' });
    documents.createIndex('kind', 'kind');
    documents.createIndex('feed', 'feed');
    documents.createIndex('stale', 'stale');
    documents.createIndex('door', 'summary.door');
    documents.createIndex('by_at', ['summary.by', 'summary.at']);
    database.createObjectStore('chunks', { keyPath: 'id' });
    database.createObjectStore('outbox', { keyPath: 'hash' });
    const settled = database.createObjectStore('settled', { keyPath: 'hash' });
    settled.createIndex('document', 'document');
    settled.createIndex('status', 'status');
    database.createObjectStore('faces', { keyPath: 'id' });
    database.createObjectStore('feeds', { keyPath: 'feed' });
    database.createObjectStore('drafts', { keyPath: 'key' });
    database.createObjectStore('saves', { keyPath: 'key' });
    database.createObjectStore('meta');
  },
];

export const LAYOUT_VERSION = MIGRATIONS.length;

export function migrate(database: IDBPDatabase<StairwellSchema>, from: number, transaction: Upgrading): void {
  for (const migration of MIGRATIONS.slice(from)) migration(database, transaction);
}

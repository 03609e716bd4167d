// What receipts make of the outbox. A change leaves it only by a receipt that names it.

import type { DocumentRow } from '../store/rows.ts';
import type { RowChange } from '../store/putting.ts';
import type { Settlement, Store } from '../store/store.ts';
import { documentDigest } from './digest.ts';
import type { Receipt } from './frames.ts';
import { headsWith } from './heads.ts';

/** Length of a receipt's prefix in hex. */
const PREFIX_DIGITS = 16;

/** Settles what these receipts name; answers the documents concerned. A receipt for something else is no one's. */
export async function settleReceipts(store: Store, receipts: readonly Receipt[], nowMs: number): Promise<string[]> {
  const byPrefix = new Map(store.outbox().map((row) => [row.hash.slice(0, PREFIX_DIGITS), row]));
  const settlements = receipts.flatMap((receipt): Settlement[] => {
    const change = byPrefix.get(receipt.prefix);
    byPrefix.delete(receipt.prefix);
    return change ? [{ change, status: receipt.status, seq: receipt.seq, reason: receipt.reason }] : [];
  });
  if (settlements.length === 0) return [];
  const accepted = settlements.filter((it) => it.status === 'accepted');
  const rows = await store.documents(accepted.map((it) => it.change.document));
  const after = new Map<string, DocumentRow>();
  for (const { change, seq } of accepted) {
    const row = after.get(change.document) ?? rows.get(change.document);
    if (row) after.set(change.document, { ...row, seq: Math.max(row.seq, seq), heads: headsWith(row.heads, change) });
  }
  const changes = await Promise.all([...after.values()].map(async (row): Promise<RowChange> => ({
    before: rows.get(row.id), after: { ...row, digest: await documentDigest(row.id, row.heads) },
  })));
  await store.settle(settlements, changes, nowMs);
  return [...new Set(settlements.map((it) => it.change.document))];
}

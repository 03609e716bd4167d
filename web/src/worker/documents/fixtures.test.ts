// The files that Rust writes and both languages answer to.

import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes.ts';
import { documentDigest } from '../exchange/digest.ts';
import { automerge, fixture } from '../testing/platform.ts';
import { readChanges, standsAlone } from './chunks.ts';
import { genesisOf } from './genesis.ts';
import { replay } from './history.ts';
import type { Content } from './library.ts';
import { summarise } from './summarise.ts';

interface Golden {
  name: string; kind: string; document: string; hex: string; saved: string; heads: string[]; digest: string;
  summary: unknown; runs?: { text: string; actor: string }[];
}

const documents = await fixture<Golden[]>('documents.json');
const A = await automerge();

describe('the genesis of every kind', async () => {
  const golden = await fixture<Record<string, { hex: string; hash: string }>>('genesis.json');

  it.each(Object.entries(golden))('%s is the same bytes here', (kind, { hex, hash }) => {
    const genesis = genesisOf(kind);
    expect(toHex(genesis?.bytes ?? new Uint8Array())).toBe(hex);
    expect(genesis?.hash).toBe(hash);
    expect(A.decodeChange(fromHex(hex)).hash).toBe(hash);
  });
});

describe.each(documents)('$name', (golden) => {
  const open = () => A.load<Content>(fromHex(golden.hex));

  it('saves to the bytes the server saves', () => {
    const document = open();
    expect([...A.getHeads(document)].sort()).toEqual(golden.heads);
    expect(toHex(A.save(document))).toBe(golden.saved);
  });

  it('reads as the server reads it', () => {
    expect(summarise(A, open())).toEqual(golden.summary);
  });

  it('has the share of the digest that the server counts', async () => {
    expect(String(await documentDigest(golden.document, golden.heads))).toBe(golden.digest);
  });

  it('shows its changes and their heads without being opened', async () => {
    const changes = await readChanges(fromHex(golden.hex));
    const built = new Set([...(changes?.values() ?? [])].flat());
    expect([...(changes?.keys() ?? [])].filter((hash) => !built.has(hash)).sort()).toEqual(golden.heads);
    expect(await readChanges(fromHex(golden.saved))).toBeUndefined();
  });

  it('stands alone on its genesis, and not without it', async () => {
    const genesis = genesisOf(golden.kind);
    const rest = await readChanges(fromHex(golden.hex.slice(2 * (genesis?.bytes.length ?? 0)))) ?? new Map<string, string[]>();
    expect(standsAlone(rest, genesis?.hash)).toBe(true);
    expect(standsAlone(rest, undefined)).toBe(rest.size === 0);
  });

  it.runIf(golden.runs)('gives each author their words', () => {
    const { runs, steps } = replay(A, open(), ['note', 'review/comment']);
    expect(runs.get('note')?.map(({ text, actor }) => ({ text, actor }))).toEqual(golden.runs);
    expect(steps.every((step) => step.actor !== '00')).toBe(true);
  });
});

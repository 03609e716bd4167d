// What Rust writes of version 2, read and written here (`tests/fixtures/lean.json`).

import { describe, expect, it } from 'vitest';
import { concat, fromHex, toHex } from '../bytes.ts';
import { changeFrom, partsOfChange } from '../documents/chunks.ts';
import { doorId, residentId, visitId, visitMadeAtMs } from '../ids.ts';
import type { DocumentRow } from '../store/rows.ts';
import { fixture } from '../testing/platform.ts';
import { readRequest } from '../testing/wire-server.ts';
import { doorNames } from './door-names.ts';
import type { Frame, Shared } from './frames.ts';
import { PackReader } from './pack.ts';
import { writeRequest } from './wire.ts';
import { framesOf } from './wire-two.ts';

interface Named { id: string; name: string }
interface Golden {
  common: { clock_ms: number; community: string; device: string; feeds: string[] };
  names: { door: Named; residents: Named[] };
  visit_ids: { device: string; id: string; ms: number }[];
  changes: { name: string; chunk: string; hex: string }[];
  frames: { name: string; hex: string; json: Record<string, unknown> }[];
}

const golden = await fixture<Golden>('lean.json');
const { door, residents } = golden.names;
const chunks = golden.changes.map((change) => fromHex(change.chunk));
const hashes = await Promise.all(chunks.map(async (chunk) => {
  const parts = partsOfChange(chunk);
  return parts ? (await changeFrom(parts)).hash : '';
}));
const shared: Shared = { ...golden.common, version: 2, sent: hashes };

/** The door as the phone's row has it: names without their numbers. */
const [building, unit, label] = door.name.split('/') as [string, string, string];
const row: Pick<DocumentRow, 'id' | 'summary'> = {
  id: door.id,
  summary: { kind: 'door', building, unit, label, persons: residents.map(({ id, name }) => ({ id, name: name.split('/')[0] ?? '' })) },
};

function itemsIn(hex: string): unknown[][] {
  return new PackReader().push(fromHex(hex));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, it: unknown) => {
    if (typeof it === 'bigint') return Number(it);
    return it instanceof Uint8Array ? toHex(it) : it;
  }));
}

/** A frame as the fixture spells it. */
function spelled(frame: Frame): unknown {
  switch (frame.frame) {
    case 'rows': {
      const { kind, feed, rows } = frame;
      return plain({ frame: 'rows', rows: rows.map((it) => ({ ...it, kind, feed, summary: it.summary ?? null, seen: it.seen ?? null })) });
    }
    case 'news':
      return plain({ ...frame, summary: frame.summary && ('value' in frame.summary ? { whole: frame.summary.value } : frame.summary) });
    case 'compared': {
      const { parts, ...rest } = frame;
      return plain({ ...rest, differing: parts });
    }
    default:
      return plain(frame);
  }
}

describe('ids', () => {
  it.each(golden.visit_ids)('of the visit made at $ms', async ({ device, id, ms }) => {
    expect(await visitId(device, ms)).toBe(id);
    expect(await visitMadeAtMs(device, id)).toBe(ms);
  });

  it('of a door and its residents come from their names', async () => {
    expect(await doorId(shared.community, door.name)).toBe(door.id);
    for (const { id, name } of residents) expect(await residentId(door.id, name)).toBe(id);
  });
});

describe('the changes of one request', () => {
  const whole = concat(golden.changes.map((change) => fromHex(change.hex)));

  it('are written in the same bytes', async () => {
    const { frames } = await readRequest([helloItems(), ...new PackReader().push(whole)], shared.device, shared.community);
    const names = doorNames(shared.community, row);
    expect(toHex(await writeRequest(frames.slice(1), shared, () => names))).toBe(toHex(whole));
  });

  it('come back as they were made', async () => {
    const { frames } = await readRequest([helloItems(), ...new PackReader().push(whole)], shared.device, shared.community);
    expect(frames.flatMap((frame) => (frame.frame === 'change' ? [toHex(frame.bytes)] : []))).toEqual(golden.changes.map((change) => change.chunk));
  });

  function helloItems(): unknown[] {
    return [0, 2, shared.clock_ms, shared.feeds.map((feed) => [fromHex(feed.replaceAll('-', '')), 0, 0, 0, 0, null]), 0, ''];
  }
});

const written = new Set(['hello', 'compare']);

describe.each(golden.frames.filter((it) => written.has(String(it.json['frame']))))('$name', ({ hex, json }) => {
  it('is written in the same bytes', async () => {
    const frame = json['frame'] === 'hello' ? helloFrom(json) : json;
    expect(toHex(await writeRequest([frame as unknown as Frame], shared, async () => undefined))).toBe(hex);
  });
});

function helloFrom(json: Record<string, unknown>): unknown {
  const feeds = (json['feeds'] as Record<string, number>[]).map((feed) => ({
    ...feed, digest: BigInt(feed['digest'] ?? 0), history: BigInt(feed['history'] ?? 0),
  }));
  return { ...json, feeds };
}

describe.each(golden.frames.filter((it) => !written.has(String(it.json['frame'])) && it.json['frame'] !== 'receipts'))('$name', ({ hex, json }) => {
  it('reads as the server means it', async () => {
    const frames = await Promise.all(itemsIn(hex).map((items) => framesOf(items, shared)));
    expect(frames.flat().map(spelled)).toEqual([json]);
  });
});

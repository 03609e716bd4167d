// The real program and the npm library of Automerge: what the one holds, the other opens, and both name it alike.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as Automerge from '@automerge/automerge';
import { NativePhone, newDocument, openChunks } from '../support/native-phone.mjs';
import { runCommand, startServer } from '../support/server.mjs';

const CHEN = '陈小满';
const LIN = '林秋实';
const ZHOU = '周明月';

/** @type {import('../support/server.mjs').Server} */
let server;
/** @type {NativePhone} */
let chen;
/** @type {NativePhone} */
let lin;
/** @type {NativePhone} */
let zhou;
/** @type {string} */
let door;

before(async () => {
  server = await startServer({ options: ['--scale', '0'] });
  chen = await NativePhone.enrol(server.url, server.link(CHEN));
  lin = await NativePhone.enrol(server.url, server.link(LIN));
  zhou = await NativePhone.enrol(server.url, server.link(ZHOU));
  const row = (await chen.allRows()).find((each) => each.kind === 'door');
  door = String(row?.document);
}, { timeout: 600_000 });

after(() => server?.remove());

test('a change of the npm library is accepted, and its receipt is signed by the key the enrolment gave', async () => {
  const visit = chen.newVisit({ door, note: '家中一切都好。' });
  const answer = await chen.exchange({ changes: [visit] });
  assert.deepEqual(answer.receipts.map(({ status, reason }) => ({ status, reason })), [{ status: 'accepted', reason: null }]);
  assert.equal(answer.receipts[0]?.prefix, Automerge.getHeads(visit.content)[0]?.slice(0, 16));
  assert.ok(answer.signatureHolds());

  const again = await chen.exchange({ changes: [visit] });
  assert.equal(again.receipts[0]?.status, 'accepted', 'sending it again is safe');
  assert.equal(again.receipts[0]?.seq, answer.receipts[0]?.seq, 'and makes nothing new');
});

test('two phones create the same document offline: both sides’ words are kept, in npm and at the office, and nobody is asked', async () => {
  const document = randomUUID();
  const one = chen.newVisit({ door, document, note: '陈小满写的话。' });
  const other = lin.newVisit({ door, document, note: '林秋实写的话。', outcome: 'no_answer' });
  const inNpm = Automerge.merge(Automerge.clone(one.content), other.content);
  for (const words of ['陈小满写的话。', '林秋实写的话。']) assert.ok(String(inNpm.note).includes(words), words);

  assert.equal((await chen.exchange({ changes: [one] })).receipts[0]?.status, 'accepted');
  const [receipt] = (await lin.exchange({ changes: [other] })).receipts;
  assert.deepEqual([receipt?.status, receipt?.reason], ['accepted', null]);

  const { row, content } = await chen.fetchDocument(document);
  assert.equal(String(content.note), String(inNpm.note));
  assert.deepEqual(Automerge.getHeads(content).sort(), Automerge.getHeads(inNpm).sort());
  assert.deepEqual([...row.heads].sort(), Automerge.getHeads(inNpm).sort());
  const outcomes = Object.values(Automerge.getConflicts(content, 'outcome') ?? {}).map(String).sort();
  assert.deepEqual(outcomes, ['met', 'no_answer'], 'two values stay two values');
});

test('two phones edit the same line offline and meet the server in either order: npm and server hold the same text', async () => {
  const texts = [];
  for (const order of [[chen, lin], [lin, chen]]) {
    const first = chen.newVisit({ door, note: '老人独自在家，阀门有锈。' });
    await chen.exchange({ changes: [first] });
    const edits = order.map((phone) => {
      const [before] = Automerge.applyChanges(newDocument('visit', phone.actor()), [first.bytes]);
      const words = phone === chen ? '老人独自在家，燃气阀门有锈。' : '老人独自在家，阀门有锈，周六来换。';
      const after = Automerge.change(before, (visit) => Automerge.updateText(visit, ['note'], words));
      const bytes = Automerge.getLastLocalChange(after);
      assert.ok(bytes);
      return { phone, change: { document: first.document, kind: 'visit', feed: phone.grid, bytes } };
    });
    for (const { phone, change } of edits) {
      assert.equal((await phone.exchange({ changes: [change] })).receipts[0]?.status, 'accepted');
    }
    texts.push(String((await lin.fetchDocument(first.document)).content.note));
  }
  assert.deepEqual(texts, ['老人独自在家，燃气阀门有锈，周六来换。', '老人独自在家，燃气阀门有锈，周六来换。']);
});

test('one bad change in a pack spoils nothing beside it, and no other phone sees it', async () => {
  const good = chen.newVisit({ door, note: '好的一条。' });
  const bad = { ...chen.newVisit({ door, note: '坏的一条。' }) };
  bad.bytes = Uint8Array.from(bad.bytes, (byte, at) => (at === bad.bytes.length - 1 ? byte ^ 0xff : byte));
  const answer = await chen.exchange({ changes: [bad, good] });
  assert.deepEqual(answer.receipts.map(({ status }) => status), ['held', 'accepted']);
  assert.equal(answer.receipts[0]?.reason, 'malformed');
  const rows = (await lin.allRows()).map((row) => row.document);
  assert.ok(rows.includes(good.document));
  assert.ok(!rows.includes(bad.document));
});

test('stairwell export: the npm library opens every document and gets the heads that the index and the server say', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stairwell-export-'));
  const { code, output } = await runCommand(['export', folder, '--data', server.folder]);
  assert.equal(code, 0, output);
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  const served = new Map((await zhou.allRows()).map((row) => [row.document, row]));
  assert.ok(index.length > 2_000, `${index.length} documents were exported`);
  const kinds = new Set();
  for (const line of index) {
    const bytes = new Uint8Array(readFileSync(join(folder, line.file)));
    const document = Automerge.load(bytes);
    const heads = Automerge.getHeads(document).sort();
    assert.deepEqual(heads, [...line.heads].sort(), line.file);
    assert.deepEqual(heads, [...(served.get(line.id)?.heads ?? [])].sort(), `the server on ${line.file}`);
    const readable = JSON.parse(readFileSync(join(folder, line.file.replace('.automerge', '.json')), 'utf8'));
    assert.equal(readable.kind, line.kind);
    if (line.kind === 'visit') assert.equal(readable.note, String(/** @type {any} */ (document).note));
    kinds.add(line.kind);
  }
  assert.deepEqual([...kinds].sort(), ['community', 'door', 'visit']);
  rmSync(folder, { recursive: true, force: true });
});

test('a document as the exchange sends it opens in npm chunk by chunk', async () => {
  const visit = chen.newVisit({ door, note: '分块也打得开。' });
  await chen.exchange({ changes: [visit] });
  const { row, content } = await lin.fetchDocument(visit.document);
  assert.ok(row.whole);
  assert.equal(String(content.note), '分块也打得开。');
  assert.deepEqual(Automerge.getHeads(openChunks('visit', row.bytes)), row.heads);
});

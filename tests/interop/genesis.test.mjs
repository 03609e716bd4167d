// The npm library of Automerge, as another client would use it, against the golden fixtures.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as Automerge from '@automerge/automerge';
import { genesisBytes, genesisHash, newDocument, openChunks } from '../support/native-phone.mjs';

const documents = JSON.parse(readFileSync(new URL('../fixtures/documents.json', import.meta.url), 'utf8'));

for (const kind of ['community', 'door', 'visit']) {
  test(`the genesis of a ${kind} opens, and its head is its name`, () => {
    const document = newDocument(kind, '00'.repeat(17));
    assert.deepEqual(Automerge.getHeads(document), [genesisHash(kind)]);
    assert.equal(String(document.kind), kind);
    assert.equal(Automerge.decodeChange(genesisBytes(kind)).actor, '00');
  });
}

for (const fixture of documents) {
  test(`the npm library opens the document “${fixture.about}” and gets the same heads`, () => {
    const document = openChunks(fixture.kind, Buffer.from(fixture.hex, 'hex'));
    assert.deepEqual(Automerge.getHeads(document).sort(), [...fixture.heads].sort());
    const saved = Automerge.load(new Uint8Array(Buffer.from(fixture.saved, 'hex')));
    assert.deepEqual(Automerge.getHeads(saved).sort(), [...fixture.heads].sort());
  });
}

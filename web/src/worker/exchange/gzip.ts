// gzip by the browser's own streams, so that a request needs no further wasm.

import type { Bytes } from '../bytes.ts';

export async function gzip(bytes: Bytes): Promise<Bytes> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

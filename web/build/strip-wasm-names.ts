// Drops the `name` section (debug names of functions, a fifth of the file) from every wasm that is bundled.

import type { Plugin } from 'vite';

const HEADER_BYTES = 8;
const CUSTOM_SECTION = 0;

/** Reads one LEB128 number; answers the number and the place after it. */
function readNumber(bytes: Uint8Array, at: number): [number, number] {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
  throw new Error('wasm: broken section length');
}

/** The same module without its `name` section. Everything else is kept byte for byte. */
export function withoutNames(module: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [module.subarray(0, HEADER_BYTES)];
  for (let at = HEADER_BYTES; at < module.length; ) {
    const start = at;
    const id = module[at];
    const [length, body] = readNumber(module, at + 1);
    at = body + length;
    if (at > module.length) throw new Error('wasm: section beyond the end');
    if (id === CUSTOM_SECTION) {
      const [nameLength, nameAt] = readNumber(module, body);
      const name = new TextDecoder().decode(module.subarray(nameAt, nameAt + nameLength));
      if (name === 'name') continue;
    }
    kept.push(module.subarray(start, at));
  }
  return Buffer.concat(kept);
}

export function stripWasmNames(): Plugin {
  return {
    name: 'stairwell:strip-wasm-names',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && file.fileName.endsWith('.wasm') && typeof file.source !== 'string') {
          file.source = withoutNames(file.source);
        }
      }
    },
  };
}

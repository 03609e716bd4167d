import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { withoutNames } from './strip-wasm-names.ts';

const require = createRequire(import.meta.url);
const plain = new Uint8Array(await readFile(require.resolve('@automerge/automerge/automerge.wasm')));

describe("Automerge's wasm without its names", () => {
  it('is a fifth smaller and still a module with the same exports', async () => {
    const bare = withoutNames(plain);
    expect(bare.length).toBeLessThan(plain.length * 0.85);
    const [before, after] = [await WebAssembly.compile(plain), await WebAssembly.compile(new Uint8Array(bare))];
    expect(WebAssembly.Module.exports(after)).toEqual(WebAssembly.Module.exports(before));
    expect(WebAssembly.Module.customSections(after, 'name')).toEqual([]);
  });

  it('stripped twice is the same', () => {
    const once = withoutNames(plain);
    expect(Buffer.compare(withoutNames(once), once)).toBe(0);
  });

  it('is refused when a section runs past the end', () => {
    expect(() => withoutNames(plain.subarray(0, 100))).toThrow(/section/);
  });
});

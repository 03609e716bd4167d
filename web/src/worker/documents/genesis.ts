// The first change that every document of a kind shares. Constants of the protocol, equal to the server's
// (`tests/fixtures/genesis.json` holds both). They never change for a kind.

import { fromHex, type Bytes } from '../bytes.ts';

export interface Genesis { bytes: Bytes; hash: string }

const CONSTANTS: Record<string, { hex: string; hash: string }> = {
  community: {
    hash: '11d708d1cacb5569b657e3be6bd9c4a06ac0d16e70611dfd49cbb7b7be5a5ffd',
    hex: [
      '856f4a8311d708d1018501000100010100000008010602061549340142045606570a7002000504000001000504050001',
      '76046b696e6406736368656d61056772696473096275696c64696e6773056c6973747308707572706f736573086f7574',
      '636f6d6573047461677306636865636b7307706872617365730a020108007e9601140800636f6d6d756e697479010a00',
    ].join(''),
  },
  door: {
    hash: '448256ce1818391c3fc96b6d468dac20a8672d3fd0fdadd73e8f20f35b34fb11',
    hex: [
      '856f4a83448256ce0157000100010100000006152e3401420756055705700279046b696e6406736368656d6107706572',
      '736f6e73047461677304706c616e0772656d61726b73067365616c656407020103007e04007e46140500646f6f720107',
      '00',
    ].join(''),
  },
  visit: {
    hash: '3a787cedffdaa45e0dfcd92730273c5033a893cedf0b15171d516369e66e7f78',
    hex: [
      '856f4a833a787ced016f0001000101000000080106020615333401420956055706700200067f00000100067f06000178',
      '046b696e6406736368656d61046e6f746506636865636b73036d65740672657669657707636f6d6d656e74067365616c',
      '65640802017f0403007e04007e561406007669736974010800',
    ].join(''),
  },
};

const ready = new Map<string, Genesis>();

/** The genesis of a kind; undefined for a kind this version does not know. */
export function genesisOf(kind: string): Genesis | undefined {
  const constant = CONSTANTS[kind];
  if (!constant) return undefined;
  const genesis = ready.get(kind) ?? { bytes: fromHex(constant.hex), hash: constant.hash };
  ready.set(kind, genesis);
  return genesis;
}

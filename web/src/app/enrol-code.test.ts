import { describe, expect, it } from 'vitest';
import { codeIn } from './enrol-code.ts';

const CODE = 'q83vEjRWeJCrze8SNFZ4kA';

describe('the code of an enrolment link', () => {
  const cases: [string, string, string | null][] = [
    ['in the fragment', `#enrol=${CODE}`, CODE],
    ['in a whole link', `https://lou.example/#enrol=${CODE}`, CODE],
    ['in a link within a message', `请打开 https://lou.example/#enrol=${CODE} 登记`, CODE],
    ['bare, with spaces around it', `  ${CODE}\n`, CODE],
    ['not in a link without one', 'https://lou.example/', null],
    ['not when cut short', '#enrol=q83v', null],
    ['not in nothing', '', null],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    expect(codeIn(text)).toBe(expected);
  });
});

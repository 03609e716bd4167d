import { describe, expect, it } from 'vitest';
import type { Lists } from '../bridge/types.ts';
import { codesIn, codeTextIn } from './codes.ts';
import { en } from './i18n/en.ts';
import { zh } from './i18n/zh.ts';

const empty: Lists = { purposes: [], outcomes: [], tags: [], checks: [], phrases: [] };
const own: Lists = {
  ...empty, outcomes: [{ code: 'met', zh: '见到了', order: 2 }, { code: 'moved', zh: '搬走了', en: 'Moved', order: 1 }],
};

describe('a code in words', () => {
  it('is the community’s own word before the one that ships', () => {
    expect(codeTextIn(own, 'outcomes', 'met', 'zh', zh)).toBe('见到了');
  });

  it('is the word that ships until the community’s lists are here', () => {
    expect(codeTextIn(empty, 'outcomes', 'met', 'zh', zh)).toBe('见面');
  });

  it('is the code itself when nobody knows it', () => {
    expect(codeTextIn(own, 'outcomes', 'from_a_newer_app', 'zh', zh)).toBe('from_a_newer_app');
  });

  it('is English where there is English, else the word that ships, else Chinese', () => {
    expect(codeTextIn(own, 'outcomes', 'moved', 'en', en)).toBe('Moved');
    expect(codeTextIn(own, 'outcomes', 'met', 'en', en)).toBe('Met');
  });
});

describe('the codes to choose from', () => {
  it('stand in the community’s order', () => {
    expect(codesIn(own, 'outcomes', zh)).toEqual(['moved', 'met']);
  });

  it('are the six that ship until then', () => {
    expect(codesIn(empty, 'outcomes', zh)).toEqual(['met', 'no_answer', 'phone', 'declined', 'no_need', 'has_matter']);
  });
});

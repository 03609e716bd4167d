import { describe, expect, it } from 'vitest';
import { isInCare } from './care.ts';

describe('the heart on a window', () => {
  it.each<[string[], boolean]>([
    [[], false], [['aged'], false], [['minor', 'aged'], false], [['aged', 'lives_alone'], true], [['disabled'], true],
    [['left_behind_child', 'minor'], true], [['a_word_of_the_community'], true],
  ])('for %j: %s', (tags, expected) => {
    expect(isInCare(tags)).toBe(expected);
  });
});

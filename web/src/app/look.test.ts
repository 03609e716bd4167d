import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
const { attributesOf } = await import('./look.ts');

describe('the look of the page', () => {
  const cases: [Parameters<typeof attributesOf>, string, string][] = [
    [['system', false, false], 'light', 'normal'],
    [['system', true, true], 'dark', 'more'],
    [['light', true, false], 'light', 'normal'],
    [['dark', false, true], 'dark', 'more'],
    [['sun', true, false], 'light', 'more'],
  ];
  it.each(cases)('of %j is %s with %s contrast', (wishes, theme, contrast) => {
    expect(attributesOf(...wishes)).toEqual({ theme, contrast });
  });
});

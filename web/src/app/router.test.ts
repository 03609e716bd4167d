// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('location', { pathname: '/', search: '' });
const { match } = await import('./router.ts');

describe('a path under a pattern', () => {
  const cases: [string, string, Record<string, string> | null][] = [
    ['/', '/', {}],
    ['/todo', '/todo/', {}],
    ['/b/:building', '/b/3', { building: '3' }],
    ['/b/:building', '/b/%E4%B8%9C%E5%8C%BA3%E6%A0%8B', { building: '东区3栋' }],
    ['/b/:building', '/b/A%2F1', { building: 'A/1' }],
    ['/door/:id', '/visit/1', null],
    ['/door/:id', '/door', null],
    ['/b/:building', '/b/%E4%B8', null],
  ];
  it.each(cases)('%s over %s', (pattern, actual, expected) => {
    expect(match(pattern, actual)).toEqual(expected);
  });
});

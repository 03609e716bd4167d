import { describe, expect, it, vi } from 'vitest';
import type { Status } from '../../bridge/types.ts';
import { zh } from '../../app/i18n/zh.ts';

vi.stubGlobal('location', { pathname: '/', search: '' });
const { hereOf, stripOf } = await import('./shell-model.ts');

describe('the strip', () => {
  const cases: [string, Partial<Status>, ReturnType<typeof stripOf>][] = [
    ['is silent when all is sent', { online: true, waiting: 0 }, null],
    ['says offline as something ordinary', { online: false, waiting: 0 }, { sentence: '未联网 · 照常可用' }],
    ['says how many are safe on the phone', { online: false, waiting: 12 }, { mark: 'on_phone', sentence: '未联网 · 12 条在本机，安全' }],
    ['says what is leaving', { online: true, waiting: 3, exchanging: true }, { mark: 'sending', sentence: '正在送 3 条' }],
    ['says what has not left yet', { online: true, waiting: 3, exchanging: false }, { mark: 'on_phone', sentence: '3 条在本机，安全' }],
    ['says that room runs short', { online: true, waiting: 0, storage_short: true }, { sentence: '手机存储快满了，看“我的”' }],
    ['says it behind what is safe', { online: false, waiting: 2, storage_short: true },
      { mark: 'on_phone', sentence: '未联网 · 2 条在本机，安全 · 手机存储快满了，看“我的”' }],
  ];
  it.each(cases)('%s', (_name, status, expected) => {
    expect(stripOf(status as Status, zh)).toEqual(expected);
  });

  it('is silent before anything is known', () => {
    expect(stripOf(undefined, zh)).toBeNull();
  });
});

describe('the bottom bar', () => {
  const cases: [string, ReturnType<typeof hereOf>][] = [
    ['/', { place: 'buildings', visitPath: '/visit/new' }],
    ['/b/3', { place: 'buildings', visitPath: '/visit/new' }],
    ['/door/abc', { place: 'buildings', visitPath: '/visit/new/abc' }],
    ['/todo', { place: 'todo', visitPath: '/visit/new' }],
    ['/mine', { place: 'mine', visitPath: '/visit/new' }],
    ['/about', { place: 'mine', visitPath: '/visit/new' }],
    ['/visit/abc', { place: undefined, visitPath: '/visit/new' }],
  ];
  it.each(cases)('at %s', (path, expected) => {
    expect(hereOf(path)).toEqual(expected);
  });
});

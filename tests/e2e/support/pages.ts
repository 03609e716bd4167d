// Every page of the phone and of the desk, by a name to say in a failing test.

import type { Page } from '@playwright/test';
import { expect } from './office.ts';
import { go } from './phone.ts';

export interface Place { name: string; path: string }

export function phonePlaces(door: string, building: string, visit: string): Place[] {
  return [
    { name: '楼栋', path: '/' },
    { name: '一栋', path: `/b/${encodeURIComponent(building)}` },
    { name: '一户', path: `/door/${door}` },
    { name: '写走访', path: `/visit/new/${door}` },
    { name: '走访', path: `/visit/${visit}` },
    { name: '改走访', path: `/visit/${visit}/edit` },
    { name: '选户', path: '/visit/new' },
    { name: '待办', path: '/todo' },
    { name: '我的', path: '/mine' },
    { name: '不做什么', path: '/about' },
    { name: '没有的页', path: '/nowhere' },
  ];
}

export function deskPlaces(visit: string): Place[] {
  return [
    { name: '总览', path: '/' },
    { name: '走访记录', path: '/visits' },
    { name: '打开的走访', path: `/visits/${visit}` },
    { name: '筛选', path: '/visits?outcome=met&review=waiting' },
    { name: '没有结果', path: '/visits?text=zzzz' },
    { name: '户室', path: '/doors' },
    { name: '待处理', path: '/tray' },
    { name: '已搁置', path: '/tray?state=set_aside' },
    { name: '手机', path: '/phones' },
    { name: '不做什么', path: '/about' },
    { name: '没有的页', path: '/nowhere' },
  ];
}

/** Goes to a page and waits until it has its heading and reads nothing any more. */
export async function visitPlace(page: Page, place: Place): Promise<void> {
  await go(page, place.path);
  await expect(page.getByRole('heading').first(), place.name).toBeAttached();
  await expect(page.getByText('正在读')).toHaveCount(0);
}

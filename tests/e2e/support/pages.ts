// Every page of the phone and of the desk, by a name to say in a failing test.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './office.ts';
import { go } from './phone.ts';

export interface Place {
  name: string;
  path: string;
  /** Words that stand on the page once it has read what it shows. */
  shows: string | RegExp;
}

export function phonePlaces(door: string, building: string, visit: string): Place[] {
  return [
    { name: '楼栋', path: '/', shows: /户近期见过/ },
    { name: '一栋', path: `/b/${encodeURIComponent(building)}`, shows: /户近期见过/ },
    { name: '一户', path: `/door/${door}`, shows: '走访记录' },
    { name: '写走访', path: `/visit/new/${door}`, shows: '保存' },
    { name: '走访', path: `/visit/${visit}`, shows: '补充或修改' },
    { name: '改走访', path: `/visit/${visit}/edit`, shows: '保存' },
    { name: '选户', path: '/visit/new', shows: '从楼栋里选' },
    { name: '待办', path: '/todo', shows: '从未到访' },
    { name: '我的', path: '/mine', shows: '都已到平台' },
    { name: '救援文件', path: '/rescue', shows: '选文件' },
    { name: '找回', path: '/lost', shows: /从那台设备送到/ },
    { name: '不做什么', path: '/about', shows: '不打卡、不签到' },
    { name: '没有的页', path: '/nowhere', shows: '没有这一页' },
  ];
}

export function deskPlaces(visit: string): Place[] {
  return [
    { name: '总览', path: '/', shows: '亮着的窗：近期见过' },
    { name: '走访记录', path: '/visits', shows: '共 1 条' },
    { name: '打开的走访', path: `/visits/${visit}`, shows: '经过' },
    { name: '筛选', path: '/visits?outcome=met&review=waiting', shows: '共 1 条' },
    { name: '没有结果', path: '/visits?text=zzzz', shows: '没有符合筛选的走访' },
    { name: '户室', path: '/doors', shows: '再读一些' },
    { name: '待处理', path: '/tray', shows: '等着处理的' },
    { name: '已搁置', path: '/tray?state=set_aside', shows: '没有搁置的' },
    { name: '手机', path: '/phones', shows: /今天联系过|今天未到/ },
    { name: '我的', path: '/mine', shows: '都已到平台' },
    { name: '救援文件', path: '/rescue', shows: '选文件' },
    { name: '找回', path: '/lost', shows: /从那台设备送到/ },
    { name: '不做什么', path: '/about', shows: '不打卡、不签到' },
    { name: '没有的页', path: '/nowhere', shows: '没有这一页' },
  ];
}

/** Goes to a page and waits until it shows what it has read. */
export async function visitPlace(page: Page, place: Place): Promise<void> {
  await go(page, place.path);
  await expect(page.getByText(place.shows).filter({ visible: true }).first(), place.name).toBeVisible();
  await expect(page.getByRole('heading').first(), place.name).toBeAttached();
}

/** axe finds nothing on the page as it stands. */
export async function expectNoBarriers(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(' ')}`)).toEqual([]);
}

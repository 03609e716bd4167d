// Promise 10, 本系统不做什么: a tool, not a leash. What the page says it does not do, no page does.

import { CHEN, ZHOU, expect, test } from './support/office.ts';
import { deskPlaces, phonePlaces, visitPlace } from './support/pages.ts';
import { sendVisit } from './support/phone.ts';
import { firstDoor } from './support/worker.ts';

/** Words of ranking, of clocking in, of counting hours, of tracks and of forced photos. */
const LEASH = /打卡|签到|排名|排行|名次|积分|榜单|在线时长|最低条数|轨迹|上传照片|考核/;

test('no page but 本系统不做什么 speaks of ranking, check-in, hours, tracks or photos', async ({ office }) => {
  const [phone, desk] = await Promise.all([office.enrol(CHEN), office.enrol(ZHOU)]);
  const door = await firstDoor(phone);
  const visit = await sendVisit(phone, door.id, '一切都好。');
  for (const [page, places] of [[phone, phonePlaces(door.id, door.building, visit)], [desk, deskPlaces(visit)]] as const) {
    for (const place of places.filter((each) => each.path !== '/about')) {
      await visitPlace(page, place);
      expect(await page.locator('body').innerText(), place.name).not.toMatch(LEASH);
    }
    await visitPlace(page, { name: '不做什么', path: '/about', shows: '不打卡、不签到' });
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('本系统不做什么');
  }
});

test('workers are listed by name, and no count stands beside a worker', async ({ office }) => {
  const desk = await office.enrol(ZHOU);
  await visitPlace(desk, { name: '走访记录', path: '/visits', shows: '走访记录' });
  const workers = desk.getByLabel('走访人');
  await expect(workers.getByRole('option', { name: CHEN })).toBeAttached();
  const names = (await workers.getByRole('option').allTextContents()).slice(1);
  expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other, 'zh-Hans')));
  expect(names.filter((name) => /\d/.test(name))).toEqual([]);
});

test('a visit is saved without position, camera or microphone, and none is asked for', async ({ office }) => {
  const page = await office.enrol(CHEN);
  await page.evaluate(() => {
    const asked: string[] = [];
    Object.assign(globalThis, { askedFor: asked });
    navigator.geolocation.getCurrentPosition = () => { asked.push('position'); };
    navigator.geolocation.watchPosition = () => asked.push('track');
    navigator.mediaDevices.getUserMedia = () => { asked.push('camera'); return Promise.reject(new Error('no')); };
  });
  const door = await firstDoor(page);
  await sendVisit(page, door.id, '没有照片，也没有定位。');
  expect(await page.evaluate(() => (globalThis as unknown as { askedFor: string[] }).askedFor)).toEqual([]);
});

// Promise 2 where the browser does not keep it: a store that was cleared is noticed, and work that cannot be sent is
// carried by other hands.

import type { Page } from '@playwright/test';
import { CHEN, LIN, ZHOU, expect, phoneHome, test } from './support/office.ts';
import { arrived, go, note, save, sendVisit, visitId, visitLine, writeVisit } from './support/phone.ts';
import { expectNoBarriers, importFile, newLink, saveRescueFile } from './support/rescue.ts';
import { doorsOf, statusFacts, type DoorFacts } from './support/worker.ts';

const address = (door: DoorFacts): string => [door.building, door.unit, door.label].join('-');

/** The browser takes away what it kept for the app, as it does when room is short; the app is told nothing. */
async function clearBehindTheAppsBack(page: Page, what: 'indexeddb' | 'all'): Promise<void> {
  const origin = new URL(page.url()).origin;
  // The page must not be there to notice.
  await page.goto('about:blank');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: what });
  await devtools.detach();
  await page.goto(`${origin}/`);
}

test.describe('the store is cleared behind the app’s back', () => {
  test('it says so, lists what was not sent by door and time, and sends the copy once enrolled again', async ({ office }) => {
    const chen = await office.enrol(CHEN);
    await chen.route('**/api/sync', (route) => route.abort());
    const doors = await doorsOf(chen, 2);
    await writeVisit(chen, String(doors[0]?.id), '没有送到的其一。');
    await writeVisit(chen, String(doors[1]?.id), '没有送到的其二。');
    await expect.poll(() => chen.evaluate(() => JSON.parse(localStorage.getItem('stairwell-witness') ?? '{}').unsent?.length)).toBe(2);

    await clearBehindTheAppsBack(chen, 'indexeddb');
    await expect(chen.getByText('这台手机的存储被清空过')).toBeVisible();
    await expect(chen.getByText(CHEN)).toBeVisible();
    await expect(chen.getByText('清空时有 2 次走访还没有送到平台')).toBeVisible();
    for (const door of doors) await expect(chen.getByText(address(door))).toBeVisible();
    await expectNoBarriers(chen);

    await chen.unroute('**/api/sync');
    await chen.goto(await newLink(office.server, chen, CHEN));
    await expect(phoneHome(chen)).toBeVisible({ timeout: 60_000 });
    await chen.getByRole('link', { name: /这台手机的存储被清空过/ }).click();
    await expect(chen.getByText('当时没送的，现在都在平台上了。')).toBeVisible();
    await expect(chen.getByText('已到平台')).toHaveCount(2);
    await expectNoBarriers(chen);
    await go(chen, `/door/${doors[0]?.id}`);
    await expect(visitLine(chen, '没有送到的其一。')).toBeVisible();

    await go(chen, '/lost');
    await chen.getByRole('button', { name: '知道了，不再提示' }).click();
    await expect(chen.getByRole('link', { name: /这台手机的存储被清空过/ })).toHaveCount(0);
  });

  test('where no copy fitted it names what the office lacks, and each is written again with the time it had', async ({ office }) => {
    const chen = await office.enrol(CHEN);
    const doors = await doorsOf(chen, 2) as [DoorFacts, DoorFacts];
    await writeVisit(chen, doors[0].id, '已经送到的。');
    const sent = await visitId(chen, '已经送到的。');
    await arrived(chen, sent);
    await chen.route('**/api/sync', (route) => route.abort());
    await writeVisit(chen, doors[1].id, '没有送到的。');
    await expect.poll(() => chen.evaluate(() => JSON.parse(localStorage.getItem('stairwell-witness') ?? '{}').unsent?.length)).toBe(1);
    await chen.evaluate(() => {
      const { file: _, ...list } = JSON.parse(localStorage.getItem('stairwell-witness') ?? '{}');
      localStorage.setItem('stairwell-witness', JSON.stringify(list));
    });

    await clearBehindTheAppsBack(chen, 'indexeddb');
    await expect(chen.getByText('它们的内容没能留下')).toBeVisible();
    await chen.unroute('**/api/sync');
    await chen.goto(await newLink(office.server, chen, CHEN));
    await expect(phoneHome(chen)).toBeVisible({ timeout: 60_000 });
    await go(chen, '/lost');
    await expect(chen.getByRole('heading', { name: '没有送到的 1 次' })).toBeVisible();
    await expect(chen.getByText('平台上有从那台设备送到的 1 次走访')).toBeVisible();
    await expectNoBarriers(chen);
    await expect(chen.locator('.lost-line')).toContainText(address(doors[1]));
    await chen.getByRole('link', { name: '补写' }).click();
    await chen.getByRole('radio', { name: '见面', exact: true }).check();
    await note(chen).fill('照本子补写的。');
    await save(chen);
    await arrived(chen, await visitId(chen, '照本子补写的。'));
    await go(chen, '/lost');
    await expect(chen.locator('.lost-line')).toContainText('已补写');
  });

  test('where everything is gone the office still tells what it has of the device before', async ({ office }) => {
    const chen = await office.enrol(CHEN);
    const [door] = await doorsOf(chen, 1) as [DoorFacts];
    await sendVisit(chen, door.id, '已经送到的。');

    await clearBehindTheAppsBack(chen, 'all');
    await expect(chen.getByRole('heading', { name: '登记这台手机' })).toBeVisible();
    await chen.goto(await newLink(office.server, chen, CHEN));
    await expect(phoneHome(chen)).toBeVisible({ timeout: 60_000 });
    await chen.getByRole('link', { name: /你以前登记过另一台设备/ }).click();
    await expect(chen.getByText('平台上有从那台设备送到的 1 次走访')).toBeVisible();
    await expect(chen.getByRole('link', { name: new RegExp(address(door)) })).toBeVisible();
    await expectNoBarriers(chen);
  });
});

test('a store that is cleared under the open app has its unsent work back at once, and sends it', async ({ office }) => {
  const chen = await office.enrol(CHEN);
  const [door] = await doorsOf(chen, 1) as [DoorFacts];
  await chen.route('**/api/sync', (route) => route.abort());
  await writeVisit(chen, door.id, '开着的时候被清空。');
  const visit = await visitId(chen, '开着的时候被清空。');
  const devtools = await chen.context().newCDPSession(chen);
  await devtools.send('Storage.clearDataForOrigin', { origin: new URL(chen.url()).origin, storageTypes: 'indexeddb' });
  await go(chen, '/todo');
  await go(chen, '/mine');
  await expect(chen.getByText('1 条在本机，等着送')).toBeVisible();
  await chen.reload();
  await expect(chen.getByText('1 条在本机，等着送')).toBeVisible();
  await chen.unroute('**/api/sync');
  await go(chen, '/mine');
  await chen.getByRole('button', { name: '现在同步' }).click();
  await expect(chen.getByText('都已到平台')).toBeVisible();
  await arrived(chen, visit);
});

test('what a phone without signal saved as a file is merged from the desk, once, and the phone hears of it', async ({ office }) => {
  const [chen, desk] = [await office.enrol(CHEN), await office.enrol(ZHOU)];
  const [door] = await doorsOf(chen, 1) as [DoorFacts];
  await chen.context().setOffline(true);
  await writeVisit(chen, door.id, '由文件带到平台的。');
  const visit = await visitId(chen, '由文件带到平台的。');
  const file = await saveRescueFile(chen);
  expect(file.name).toMatch(/^楼道-陈小满-\d{8}-\d{4}\.stairwell$/);
  expect(file.buffer.toString()).toMatch(/^stairwell rescue 1\n楼道救援文件：陈小满/);
  await expectNoBarriers(chen);

  await importFile(desk, file);
  await expect(desk.locator('.parcel')).toContainText('新收下 1 条');
  await expect(desk.locator('.parcel')).toContainText(address(door));
  await expectNoBarriers(desk);
  await importFile(desk, file);
  await expect(desk.locator('.parcel')).toContainText('1 条平台早已有');
  await go(desk, '/visits?text=由文件带到');
  await expect(desk.getByText('共 1 条')).toBeVisible();
  await expect(desk.getByRole('row').filter({ hasText: '由文件带到平台的。' })).toContainText(CHEN);

  await chen.context().setOffline(false);
  await arrived(chen, visit);
  await go(desk, '/visits?text=由文件带到');
  await expect(desk.getByText('共 1 条')).toBeVisible();
});

test('a colleague’s phone takes a file along without signal and brings it when there is some, and the desk’s own file goes the same way', async ({ office }) => {
  const [chen, lin, desk] = [await office.enrol(CHEN), await office.enrol(LIN), await office.enrol(ZHOU)];
  const [door, other] = await doorsOf(chen, 2) as [DoorFacts, DoorFacts];
  const seen = await sendVisit(chen, other.id, '请领导看看。');
  await chen.context().setOffline(true);
  await lin.context().setOffline(true);
  await writeVisit(chen, door.id, '托同事带的。');
  const visit = await visitId(chen, '托同事带的。');
  await importFile(lin, await saveRescueFile(chen));
  await expect(lin.locator('.parcel')).toContainText('等着送');
  await lin.reload();
  await expect(lin.locator('.parcel')).toContainText(address(door));
  await lin.context().setOffline(false);
  await expect(lin.locator('.parcel')).toContainText('新收下 1 条');
  await go(lin, `/visit/${visit}`);
  await expect(lin.getByText('托同事带的。').first()).toBeVisible();

  // The other way round: what the desk could not send is brought by a phone.
  await go(desk, `/visits/${seen}`);
  await expect(desk.getByRole('article').getByRole('textbox')).toBeVisible();
  await desk.context().setOffline(true);
  await desk.getByRole('article').getByRole('textbox').fill('已看，辛苦。');
  await desk.getByRole('button', { name: '只发批注' }).click();
  await expect.poll(async () => (await statusFacts(desk)).waiting).toBe(1);
  await importFile(lin, await saveRescueFile(desk));
  await expect(lin.locator('.parcel').first()).toContainText('新收下 1 条');
  await go(lin, `/visit/${seen}`);
  await expect(lin.getByText('已看，辛苦。').first()).toBeVisible();
});

test('a file that is none, or was altered, is refused in words and nothing of it is kept', async ({ office }) => {
  const [chen, desk] = [await office.enrol(CHEN), await office.enrol(ZHOU)];
  const [door] = await doorsOf(chen, 1) as [DoorFacts];
  await chen.context().setOffline(true);
  await writeVisit(chen, door.id, '原来的话。');
  const file = await saveRescueFile(chen);
  const altered = Buffer.from(file.buffer);
  const at = altered.indexOf('原来');
  altered.write('后来', at > 0 ? at : altered.length - 60);
  await importFile(desk, { name: '照片.jpg', buffer: Buffer.from('not ours') });
  await expect(desk.getByText('这不是楼道的救援文件')).toBeVisible();
  await importFile(desk, { name: file.name, buffer: altered });
  await expect(desk.getByText('封印不对')).toBeVisible();
  await expect(desk.locator('.parcel')).toContainText('平台没有收');
  await go(desk, '/visits?text=来的话');
  await expect(desk.getByText('没有符合筛选的走访')).toBeVisible();
});

// Between the desk and the phone: what a supervisor writes is read at the door.

import { NativePhone } from '../support/native-phone.mjs';
import { CHEN, LIN, ZHOU, expect, test } from './support/office.ts';
import { comment, line, openVisit, opened } from './support/desk.ts';
import { arrived, editNote, go, mark, sendVisit, visitId, visitLine, writeVisit } from './support/phone.ts';
import { firstDoor } from './support/worker.ts';

test("the supervisor's comment reaches the phone, and accepting turns ● into ✓", async ({ office }) => {
  const [chen, desk] = await Promise.all([office.enrol(CHEN), office.enrol(ZHOU)]);
  const door = await firstDoor(chen);
  const visit = await sendVisit(chen, door.id, '燃气软管有点老化。');

  await openVisit(desk, visit);
  await comment(desk).fill('请写明软管用了几年。');
  await opened(desk).getByRole('button', { name: '请补充' }).click();
  await expect(comment(desk)).toHaveValue('');
  await expect(opened(desk).getByText('已请补充')).toBeVisible();
  await expect(chen.getByText('请写明软管用了几年。')).toBeVisible();
  await expect(chen.getByText('周明月请你补充')).toBeVisible();

  await opened(desk).getByRole('button', { name: '通过' }).click();
  await expect(opened(desk).getByText('已通过')).toBeVisible();
  await expect(mark(chen)).toHaveText('已阅');
});

test('asking back without words is not sent: the worker would not know what is missing', async ({ office }) => {
  const [chen, desk] = await Promise.all([office.enrol(CHEN), office.enrol(ZHOU)]);
  const door = await firstDoor(chen);
  await writeVisit(chen, door.id, '敲门无人应。', '未遇');
  const visit = await visitId(chen, '敲门无人应。');
  await openVisit(desk, visit);
  await opened(desk).getByRole('button', { name: '请补充' }).click();
  await expect(opened(desk).getByRole('alert')).toHaveText('请补充时写明要补什么。');
  await expect(comment(desk)).toBeFocused();
});

test('the desk is live while open: new visits and merged words appear, and the comment being typed is not disturbed', async ({ office }) => {
  const [chen, lin, desk] = await Promise.all([office.enrol(CHEN), office.enrol(LIN), office.enrol(ZHOU)]);
  const door = await firstDoor(chen);
  await writeVisit(chen, door.id, '第一条走访。');
  const visit = await visitId(chen, '第一条走访。');
  await openVisit(desk, visit);
  await comment(desk).fill('写到一半');
  await writeVisit(lin, door.id, '第二条走访。');
  await expect(line(desk, '第二条走访。')).toBeVisible();
  await editNote(chen, visit, (text) => `${text}又补了一句。`);
  await expect(opened(desk).locator('.note')).toContainText('又补了一句。');
  await expect(comment(desk)).toHaveValue('写到一半');

  await desk.reload();
  await expect(comment(desk)).toHaveValue('写到一半');
});

test('a list that is being read keeps its place while new visits arrive above it', async ({ office }) => {
  const [lin, desk] = await Promise.all([NativePhone.enrol(office.server.url, office.server.link(LIN)), office.enrol(ZHOU)]);
  const door = (await lin.allRows()).find((row) => row.kind === 'door');
  const write = (note: string) => lin.newVisit({ door: String(door?.document), note });
  await lin.exchange({ changes: Array.from({ length: 60 }, (_, index) => write(`第 ${index + 1} 条。`)) });
  await go(desk, '/visits');
  const read = line(desk, '第 20 条。');
  await read.scrollIntoViewIfNeeded();
  await desk.getByRole('region', { name: '走访记录' }).evaluate((list) => { list.scrollTop += 200; });
  const before = await read.boundingBox();

  await lin.exchange({ changes: [write('刚刚送到的。')] });
  await expect(line(desk, '刚刚送到的。')).toBeAttached();
  const after = await read.boundingBox();
  expect(Math.abs(Number(after?.y) - Number(before?.y))).toBeLessThan(2);
});

test('新并入 stands at a visit into which words were merged since the supervisor last looked, and only there', async ({ office }) => {
  const [chen, desk] = await Promise.all([office.enrol(CHEN), office.enrol(ZHOU)]);
  const door = await firstDoor(chen);
  await writeVisit(chen, door.id, '看过的走访。');
  const visit = await visitId(chen, '看过的走访。');
  await openVisit(desk, visit);
  await expect(line(desk, '看过的走访。')).toBeVisible();
  await go(desk, '/visits');
  await expect(line(desk, '看过的走访。')).not.toContainText('新并入');

  await editNote(chen, visit, (text) => `${text}后来又补了一句。`);
  await expect(line(desk, '后来又补了一句。')).toContainText('新并入');
  await line(desk, '后来又补了一句。').getByRole('link').click();
  await expect(opened(desk).locator('.note')).toContainText('后来又补了一句。');
  await expect(line(desk, '后来又补了一句。')).not.toContainText('新并入');
});

test('two values of one field stay side by side until the desk settles them', async ({ office }) => {
  const [chen, lin, desk] = await Promise.all([office.enrol(CHEN), office.enrol(LIN), office.enrol(ZHOU)]);
  const door = await firstDoor(chen);
  const visit = await sendVisit(chen, door.id, '上午去过。', '未遇');
  await go(lin, `/visit/${visit}`);
  await expect(lin.getByRole('link', { name: '补充或修改' })).toBeVisible();
  for (const [page, outcome] of [[chen, '电话'], [lin, '见面']] as const) {
    await page.context().setOffline(true);
    await go(page, `/visit/${visit}/edit`);
    await page.getByRole('radio', { name: outcome, exact: true }).check();
    await page.getByRole('button', { name: '保存' }).click();
    await expect(page).toHaveURL(new RegExp(`/visit/${visit}$`));
  }
  for (const page of [chen, lin]) {
    await page.context().setOffline(false);
    await arrived(page, visit);
  }

  await openVisit(desk, visit);
  const field = opened(desk).getByRole('group', { name: '结果' });
  await expect(field.getByText('陈小满')).toBeVisible();
  await expect(field.getByText('林秋实')).toBeVisible();
  await field.getByRole('button', { name: '选定“见面”' }).click();
  await expect(field).toHaveCount(0);
  await expect(opened(desk).locator('.pane-facts')).toContainText('见面');
  await expect(chen.locator('.visit-outcome')).toHaveText('见面');
  await go(chen, `/door/${door.id}`);
  await expect(visitLine(chen, '上午去过。')).toContainText('见面');
});

// Between the desk and the phone: what a supervisor writes is read at the door.

import { CHEN, LIN, ZHOU, expect, test } from './support/office.ts';
import { comment, line, openVisit, opened } from './support/desk.ts';
import { arrived, go, mark, visitId, visitLine, writeVisit } from './support/phone.ts';
import { firstDoor } from './support/worker.ts';

test("the supervisor's comment reaches the phone, and accepting turns ● into ✓", async ({ office }) => {
  const [chen, desk] = await Promise.all([office.enrol(CHEN), office.enrol(ZHOU)]);
  const door = await firstDoor(chen);
  await writeVisit(chen, door.id, '燃气软管有点老化。');
  const visit = await visitId(chen, '燃气软管有点老化。');
  await arrived(chen, visit);

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

test('the desk is live while open: a new visit appears and the comment being typed is not disturbed', async ({ office }) => {
  const [chen, lin, desk] = await Promise.all([office.enrol(CHEN), office.enrol(LIN), office.enrol(ZHOU)]);
  const door = await firstDoor(chen);
  await writeVisit(chen, door.id, '第一条走访。');
  const visit = await visitId(chen, '第一条走访。');
  await openVisit(desk, visit);
  await comment(desk).fill('写到一半');
  await writeVisit(lin, door.id, '第二条走访。');
  await expect(line(desk, '第二条走访。')).toBeVisible();
  await expect(comment(desk)).toHaveValue('写到一半');

  await desk.reload();
  await expect(comment(desk)).toHaveValue('写到一半');
});

test('two values of one field stay side by side until the desk settles them', async ({ office }) => {
  const [chen, lin, desk] = await Promise.all([office.enrol(CHEN), office.enrol(LIN), office.enrol(ZHOU)]);
  const door = await firstDoor(chen);
  await writeVisit(chen, door.id, '上午去过。', '未遇');
  const visit = await visitId(chen, '上午去过。');
  await arrived(chen, visit);
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

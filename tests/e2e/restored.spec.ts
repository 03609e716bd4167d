// Promise 1 where the office itself has lost: its disk is gone, and the newest copy is older than the last visits.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand, type Server } from '../support/server.mjs';
import { openVisit, opened } from './support/desk.ts';
import { CHEN, LIN, ZHOU, expect, phoneHome, test } from './support/office.ts';
import { arrived, go, mark, sendVisit, visitId, writeVisit } from './support/phone.ts';
import { expectNoBarriers, importFile, newLink, savedBy } from './support/rescue.ts';
import { firstDoor, statusFacts } from './support/worker.ts';

/** A copy of the office as it is now. */
async function copyOf(server: Server): Promise<string> {
  const copy = join(mkdtempSync(join(tmpdir(), 'stairwell-copy-')), 'copy');
  expect((await runCommand(['--data', server.folder, 'backup', copy])).output).toContain('备份');
  return copy;
}

/** Ends the office, loses its folder, and starts it on what the copy has; the copy is used up. */
async function restoreFrom(copy: string, server: Server): Promise<void> {
  await server.kill();
  rmSync(server.folder, { recursive: true });
  expect((await runCommand(['--data', server.folder, 'restore', copy])).output).toContain('由写它们的手机再送一次');
  rmSync(dirname(copy), { recursive: true });
  await server.start();
}

test.describe('the office is restored from an older copy', () => {
  test('what the phone had sent since comes again, and a colleague reads it', async ({ office }) => {
    const chen = await office.enrol(CHEN);
    const copy = await copyOf(office.server);
    const door = await firstDoor(chen);
    const visit = await sendVisit(chen, door.id, '备份以后才写的，已经到了平台。');

    await restoreFrom(copy, office.server);
    const restarted = Date.now();
    await chen.reload();
    await expect.poll(() => statusFacts(chen).then((status) => status.last_exchange_at ?? 0)).toBeGreaterThan(restarted);
    await arrived(chen, visit);
    // A phone that has never heard of the visit has it from nowhere but the office.
    const lin = await office.enrol(LIN);
    await go(lin, `/visit/${visit}`);
    await expect(lin.locator('.visit-note')).toContainText('备份以后才写的，已经到了平台。');
  });

  test('a visit accepted since is accepted again when the desk is opened', async ({ office }) => {
    const [chen, desk] = await Promise.all([office.enrol(CHEN), office.enrol(ZHOU)]);
    const door = await firstDoor(chen);
    const visit = await sendVisit(chen, door.id, '备份以前就到了。');
    const copy = await copyOf(office.server);
    await openVisit(desk, visit);
    await opened(desk).getByRole('button', { name: '通过' }).click();
    await expect(mark(chen)).toHaveText('已阅');
    // The desk has its receipt: what it sends later, it sends for the restore alone.
    await expect.poll(() => statusFacts(desk).then((status) => status.waiting)).toBe(0);
    // An opened visit is compared at once. What is to be shown is that nobody needs to look at it.
    await go(desk, '/');

    await restoreFrom(copy, office.server);
    // A phone that has never heard of the review has it from nowhere but the office.
    const lin = await office.enrol(LIN);
    await arrived(lin, visit);
    await desk.reload();
    await expect(mark(lin)).toHaveText('已阅');
  });

  test('a phone that the copy does not know is enrolled anew, and its file brings back all that it wrote', async ({ office }) => {
    const copy = await copyOf(office.server);
    const chen = await office.enrol(CHEN);
    const { id: door } = await firstDoor(chen);
    const sent = await sendVisit(chen, door, '登记以后就送到的。');
    await chen.route('**/api/sync', (route) => route.abort());
    await writeVisit(chen, door, '恢复以前没来得及送的。');
    const unsent = await visitId(chen, '恢复以前没来得及送的。');
    await restoreFrom(copy, office.server);
    await chen.unroute('**/api/sync');

    await go(chen, '/mine');
    await chen.getByRole('button', { name: '现在同步' }).click();
    await chen.getByRole('link', { name: '用新的登记链接重新登记' }).click();
    await expect(chen.getByText('平台不认识这台手机了')).toBeVisible();
    await expectNoBarriers(chen);
    await chen.goto(await newLink(office.server, chen, CHEN));
    await expect(chen.getByText('平台不认识陈小满的这台手机了')).toBeVisible();
    await expectNoBarriers(chen);
    await chen.getByRole('button', { name: '重新登记' }).click();
    await expect(phoneHome(chen)).toBeVisible({ timeout: 60_000 });

    // Nobody at the office knows whether the file's phone was theirs, so a supervisor brings it and decides.
    await go(chen, '/rescue');
    await expect(chen.locator('.parcel')).toContainText('平台没有收');
    await expect(chen.getByText('只有下面的文件还没有')).toBeVisible();
    await expectNoBarriers(chen);
    const file = await savedBy(chen, '存成文件');
    const desk = await office.enrol(ZHOU);
    await importFile(desk, file);
    await expect(desk.locator('.parcel')).toContainText('2 条在待处理');
    await expectNoBarriers(desk);
    await go(desk, '/tray');
    for (const words of ['登记以后就送到的。', '恢复以前没来得及送的。']) {
      const entry = desk.locator('.tray-entry').filter({ hasText: words });
      await expect(entry).toContainText('目的日常走访');
      await expectNoBarriers(desk);
      await entry.getByRole('button', { name: '收下' }).click();
      await expect(entry).toHaveCount(0);
    }
    for (const visit of [sent, unsent]) await arrived(chen, visit);
  });
});

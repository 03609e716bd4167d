// Every page, on a phone and at a desk, light and dark: usable by everybody, and never scrolled sideways.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { NativePhone } from '../support/native-phone.mjs';
import { DESK_SIZE, NARROW_SIZE, PHONE_SIZE } from './support/chrome.ts';
import { CHEN, LIN, ZHOU, expect, test, type Office, type Opening } from './support/office.ts';
import { deskPlaces, phonePlaces, visitPlace, type Place } from './support/pages.ts';
import { sendVisit } from './support/phone.ts';
import { firstDoor } from './support/worker.ts';

const SIZES = { '360×740': PHONE_SIZE, '1440×900': DESK_SIZE };

for (const scheme of ['light', 'dark'] as const) {
  for (const [name, size] of Object.entries(SIZES)) {
    test(`axe finds nothing on any page, ${scheme}, ${name}`, async ({ office }) => {
      test.setTimeout(600_000);
      const { phone, desk } = await walks(office, { scheme, size });
      for (const { page, places } of [phone, desk]) {
        for (const place of places) {
          await visitPlace(page, place);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(' ')}`), place.name).toEqual([]);
        }
      }
    });
  }
}

test('no page scrolls sideways at 320 px', async ({ office }) => {
  const { phone, desk } = await walks(office, { scheme: 'light', size: NARROW_SIZE });
  for (const { page, places } of [phone, desk]) {
    for (const place of places) {
      await visitPlace(page, place);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(over, place.name).toBe(0);
    }
  }
});

interface Walk { page: Page; places: Place[] }

/** A worker's and a supervisor's browser over an office in which there is a visit, a comment and something in the tray. */
async function walks(office: Office, opening: Opening): Promise<{ phone: Walk; desk: Walk }> {
  const [phone, desk] = await Promise.all([office.enrol(CHEN, opening), office.enrol(ZHOU, opening)]);
  const door = await firstDoor(phone);
  const visit = await sendVisit(phone, door.id, '家中一切都好，燃气软管有点老化。');
  const other = await NativePhone.enrol(office.server.url, office.server.link(LIN));
  await other.exchange({ changes: [{ ...other.newVisit({ door: door.id, note: '送错了网格。' }), kind: 'nothing-known' }] });
  return {
    phone: { page: phone, places: phonePlaces(door.id, door.building, visit) },
    desk: { page: desk, places: deskPlaces(visit) },
  };
}

import { expect, it } from 'vitest';
import type { Parcel, RescuedLine } from '../../bridge/types.ts';
import { zh } from '../../app/i18n/zh.ts';
import { isOverdue, parcelSummary } from './rescue-model.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

it('a day without a way out is worth a file, and nothing unsent never is', () => {
  expect(isOverdue({ waiting: 1, oldest_waiting_at: 0 }, DAY_MS + 1)).toBe(true);
  expect(isOverdue({ waiting: 1, oldest_waiting_at: 0 }, DAY_MS)).toBe(false);
  expect(isOverdue({ waiting: 0 }, DAY_MS * 9)).toBe(false);
  expect(isOverdue(undefined, DAY_MS)).toBe(false);
});

it('a file tells what was new, what was there and what is in the tray', () => {
  const line = (status: RescuedLine['status'], was_here: boolean): RescuedLine => ({ place: '', at: 0, document: '', status, was_here });
  const taken = { state: 'taken', items: [], lines: [line('accepted', false), line('accepted', true), line('held', false)] } as unknown as Parcel;
  expect(parcelSummary(taken, zh)).toBe('新收下 1 条，1 条平台早已有，1 条在待处理');
  expect(parcelSummary({ ...taken, lines: [] }, zh)).toBe('里面没有要送的');
  expect(parcelSummary({ ...taken, state: 'waiting', items: [{ place: '', at: 0 }] }, zh)).toBe('1 条要送');
});

import { expect, test } from 'vitest';
import { appendComment } from './comment.ts';

const cases: [name: string, standing: string, added: string, expected: string][] = [
  ['the first comment stands alone', '', '请补充电话', '请补充电话'],
  ['the next comment is a line of its own under it', '请补充电话', '已联系家属', '请补充电话\n已联系家属'],
  ['blank words change nothing', '请补充电话', ' \n', '请补充电话'],
  ['spaces at the ends are not sent', '请补充电话\n', ' 好 ', '请补充电话\n好'],
];
test.each(cases)('%s', (_name, standing, added, expected) => {
  expect(appendComment(standing, added)).toBe(expected);
});

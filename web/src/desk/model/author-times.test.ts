import { expect, test } from 'vitest';
import { authorsOf } from '../../app/authors.ts';
import { authorTimes } from './author-times.ts';

const runs = [
  { text: '敲门', person: 'chen', name: '陈小满', at: 30 },
  { text: '无人', person: 'lin', name: '林秋实', at: 20 },
  { text: '应答', person: 'chen', name: '陈小满', at: 10 },
  { text: '。', name: '旧手机', at: 5 },
];

test('each author has the first and the last time of their words', () => {
  expect(authorTimes(runs).get('chen')).toEqual({ first_at: 10, last_at: 30 });
  expect(authorTimes(runs).get('lin')).toEqual({ first_at: 20, last_at: 20 });
});

test('every author that has a colour has a time', () => {
  const times = authorTimes(runs);
  for (const author of authorsOf(runs)) expect(times.has(author.key)).toBe(true);
});

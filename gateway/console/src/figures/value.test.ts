import type { FigureName } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { TEXTS } from '../shared/texts/index.ts';
import { changeOf, figureText } from './value.ts';

const MINUTE = 60_000;

test.each<[FigureName, number | null, string | null, string | null]>([
  ['received', 1204, '1,204', '1,204'],
  ['received', 0, '0', '0'],
  ['closedOnTime', 0.9234, '92.3%', '92.3%'],
  ['closedOnTime', null, null, null],
  ['timeToVerdict', 0.5 * MINUTE, '0.5 min', '0.5 分钟'],
  ['timeToVerdict', 59 * MINUTE, '59 min', '59 分钟'],
  ['timeToRepair', 204 * MINUTE, '3.4 h', '3.4 小时'],
  ['timeToRepair', 2880 * MINUTE, '2 d', '2 天'],
])('%s of %s reads %s and %s', (name, value, en, zh) =>
  expect([figureText(name, { value }, 'en', TEXTS.en), figureText(name, { value }, 'zh', TEXTS.zh)]).toEqual([
    en,
    zh,
  ]),
);

test.each<[FigureName, number | null, number | null, object | null]>([
  ['received', 12, 10, { text: '+20%', tone: 'same' }],
  ['received', 5, 0, null],
  ['received', 0, 0, { text: '0%', tone: 'same' }],
  ['closedOnTime', 0.9, 0.8, { text: '+10 points', tone: 'good' }],
  ['reworked', 0.2, 0.1, { text: '+10 points', tone: 'bad' }],
  ['closedOnTime', 0.9, null, null],
  ['timeToRepair', 50, 100, { text: '-50%', tone: 'good' }],
])('%s of %s after %s has changed by %j', (name, now, before, change) =>
  expect(changeOf(name, { value: now, of: 1 }, { value: before, of: 1 }, 'en', TEXTS.en)).toEqual(change),
);

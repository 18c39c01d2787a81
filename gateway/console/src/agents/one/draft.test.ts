import { expect, test } from 'vitest';
import {
  changeOf,
  numberOf,
  withAdded,
  withCamera,
  withLevel,
  withNumber,
  withRoadUsers,
  withWholeNames,
} from './draft.ts';

test('what is emptied is left out, and the rest stays', () => {
  const one = withNumber({}, 'ring.seconds', 40);
  const two = withNumber(one, 'ring.maxMegabytes', 100);
  expect(two).toEqual({ ring: { seconds: 40, maxMegabytes: 100 } });
  expect([numberOf(two, 'ring.seconds'), numberOf(two, 'gate.frozenSeconds')]).toEqual([40, null]);
  expect(withNumber(two, 'ring.seconds', null)).toEqual({ ring: { maxMegabytes: 100 } });
  expect(withNumber(one, 'ring.seconds', null)).toEqual({});
  expect(withLevel(withLevel({}, 'debug'), null)).toEqual({});
  const without = withRoadUsers(withNumber({}, 'verify.minLooks', 4), false);
  expect(without).toEqual({ verify: { minLooks: 4, roadUsers: false } });
  expect(withRoadUsers(without, null)).toEqual({ verify: { minLooks: 4 } });
});

test('a camera keeps its place, and is gone with the last thing that is set of it', () => {
  const name = { en: 'North', zh: '北' };
  const both = withCamera(withCamera({}, 'north', { enabled: false }), 'south', { farPass: true });
  const named = withCamera(both, 'north', { name });
  expect(named.cameras).toEqual([
    { id: 'north', enabled: false, name },
    { id: 'south', farPass: true },
  ]);
  expect(changeOf(named, 'south')).toEqual({ farPass: true });
  const less = withCamera(named, 'north', { enabled: undefined, name: undefined });
  expect(less.cameras).toEqual([{ id: 'south', farPass: true }]);
  expect(withCamera(less, 'south', { farPass: undefined })).toEqual({});
  expect(withAdded({}, [])).toEqual({});
});

test('a name that is emptied in one language is saved as the file has it there', () => {
  const own = new Map([['north', { en: 'North', zh: '北' }]]);
  const document = {
    cameras: [
      { id: 'north', name: { en: '', zh: '北门' } },
      { id: 'south', farPass: true },
    ],
  };
  expect(withWholeNames(document, own).cameras).toEqual([
    { id: 'north', name: { en: 'North', zh: '北门' } },
    { id: 'south', farPass: true },
  ]);
});

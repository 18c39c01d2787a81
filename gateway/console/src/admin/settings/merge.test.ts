import { expect, test } from 'vitest';
import { merge } from './merge.ts';

const BASE = { response: 30, review: 60, rework: 24 };

test('what only one of two has changed is taken over, and where both have, both values are told', () => {
  const mine = { ...BASE, response: 20, review: 90 };
  const theirs = { ...BASE, response: 25, rework: 12 };
  expect(merge(BASE, mine, theirs)).toEqual({
    parts: { response: 20, review: 90, rework: 12 },
    changed: [
      { part: 'response', theirs: 25, mine: 20 },
      { part: 'rework', theirs: 12, mine: 12 },
    ],
  });
});

test('what the other has added or taken away stays so unless I have touched it', () => {
  expect(merge({ a: 1, b: 2 }, { a: 1, b: 2 }, { b: 2, c: 3 })).toEqual({
    parts: { b: 2, c: 3 },
    changed: [
      { part: 'c', theirs: 3, mine: 3 },
      { part: 'a', theirs: undefined, mine: undefined },
    ],
  });
  expect(merge({ a: 1 }, {}, { a: 2 })).toEqual({
    parts: {},
    changed: [{ part: 'a', theirs: 2, mine: undefined }],
  });
});

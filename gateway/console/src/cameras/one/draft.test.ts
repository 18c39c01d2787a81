import { expect, test } from 'vitest';
import { changed, documentOf, FIRST_ROAD, isChanged, moved, NEW_DRAFT, undone, withCorner } from './draft.ts';

const SQUARE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

test('a corner is put into the side that it is next to', () => {
  expect(withCorner(SQUARE, [0.5, 0.9])).toEqual([SQUARE[0], SQUARE[1], SQUARE[2], [0.5, 0.9], SQUARE[3]]);
  expect(withCorner(SQUARE, [0.1, 0.5])).toEqual([...SQUARE, [0.1, 0.5]]);
  expect(withCorner(SQUARE.slice(0, 2), [0, 0.5])).toEqual([SQUARE[0], SQUARE[1], [0, 0.5]]);
});

test('a corner stays in the picture, and has no more decimals than pixels need', () =>
  expect(moved(SQUARE, 1, [0.5, 1 / 3])[1]).toEqual([1, 0.3333]));

test('a drag is one step, and each step can be taken back', () => {
  const first = changed(NEW_DRAFT, { fields: { road: FIRST_ROAD }, added: [] });
  const dragged = changed(first, { fields: { road: SQUARE }, added: [] }, false);
  const turned = changed(dragged, { ...dragged.now, fields: { ...dragged.now.fields, headingDegrees: 3 } });
  expect(undone(turned).now.fields).toEqual({ road: SQUARE });
  expect(isChanged(undone(undone(turned)).now)).toBe(false);
  expect(undone(NEW_DRAFT)).toEqual(NEW_DRAFT);
});

test('what was not touched is as somebody else has saved it meanwhile', () => {
  const saved = {
    ...{ road: FIRST_ROAD, masks: [SQUARE], minBoxHeight: null, thresholds: { pothole: 0.6 } },
    ...{ position: null, headingDegrees: 90, fieldOfViewDegrees: null },
  };
  const document = documentOf(saved, { fields: { headingDegrees: null }, added: [FIRST_ROAD] });
  expect(document).toEqual({ ...saved, headingDegrees: null, masks: [SQUARE, FIRST_ROAD] });
});

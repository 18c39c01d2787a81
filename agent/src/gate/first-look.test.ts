import { expect, test } from 'vitest';
import { LumaGrid } from './luma.ts';
import { type StoredView, Views } from './views.ts';

const SIZE = { width: 640, height: 360 };
const PLACE = [0.4, 0.6, 0.15, 0.1] as const;
const DAY_MS = 24 * 3_600_000;

/** A street with its texture; at the place it is darker by so much, on the left by the shadow, and all of it brighter by the light. */
function street({ hole = 0, light = 0, shadow = 0 }): LumaGrid {
  const grid = new LumaGrid(SIZE);
  const { columns, rows, cells } = grid;
  for (let i = 0; i < cells.length; i++) {
    const x = (i % columns) / columns;
    const y = Math.floor(i / columns) / rows;
    const isInside = x >= 0.42 && x < 0.53 && y >= 0.62 && y < 0.69;
    const texture = 110 + ((Math.floor(x * 9) * 7 + Math.floor(y * 6) * 13) % 5) * 16;
    cells[i] = texture + light - (isInside ? hole : 0) - (x < 0.6 ? shadow : 0);
  }
  grid.mean = cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
  return grid;
}

/** A look each two seconds for a minute. */
function watched(shown: LumaGrid, stored: readonly StoredView[] = []): { views: Views; view: string } {
  const views = new Views(stored, () => 'view-1');
  let view: string | null = null;
  for (let seconds = 0; seconds < 60; seconds += 2) ({ view } = views.follow(shown, seconds * 1000));
  if (view === null) throw new Error('no view');
  return { views, view };
}

test('damage that the first look shows was there before it, also in brighter light', () => {
  const { views, view } = watched(street({ hole: 30 }));
  expect(views.hasLookedSo(view, street({ hole: 30 }), PLACE, 60_000)).toBe(true);
  expect(views.hasLookedSo(view, street({ hole: 30, light: 40 }), PLACE, DAY_MS)).toBe(true);
});

test.each([
  { name: 'that has opened since', hole: 30, shadow: 0 },
  { name: 'in a shadow that was not there', hole: 0, shadow: 40 },
])('nothing is said of a place $name', ({ hole, shadow }) => {
  const { views, view } = watched(street({}));
  expect(views.hasLookedSo(view, street({ hole, shadow }), PLACE, 60_000)).toBe(false);
});

test('what is found later than on the first day may have opened unseen, and so may what is found after a restart', () => {
  const { views, view } = watched(street({ hole: 30 }));
  expect(views.hasLookedSo(view, street({ hole: 30 }), PLACE, DAY_MS + 1)).toBe(false);
  const again = watched(street({ hole: 30 }), views.stored);
  expect(again.views.hasLookedSo(again.view, street({ hole: 30 }), PLACE, 60_000)).toBe(false);
});

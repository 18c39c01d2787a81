import { describe, expect, test } from 'vitest';
import { type Frame, FramePool, planarFormat } from '../frame/pool.ts';
import { liesOnRoad, type Region } from '../frame/region.ts';
import { FrameMasks } from '../privacy/frame-masks.ts';
import { Gate, type Verdict } from './gate.ts';
import { type StoredView, Views } from './views.ts';

const SIZE = { width: 320, height: 192 };
type Picture = (x: number, y: number) => number;

/** Blocks of 16 pixels, no two columns or rows of them alike. */
const blocks = (x: number, y: number, seed: number): number =>
  90 + (Math.abs(Math.sin((x >> 4) * 12.9898 + (y >> 4) * 78.233 + seed) * 43_758.5453) % 1) * 100;
const street: Picture = (x, y) => blocks(x, y, 0);

/** A camera that shows one picture after the other to a gate. */
function watching(
  region: Region = { masks: [] },
  stored: readonly StoredView[] = [],
): {
  readonly views: Views;
  show(picture: Picture, atSeconds: number, wanted?: boolean): Verdict;
} {
  const pool = new FramePool(planarFormat(SIZE), 1);
  let ids = stored.length;
  const views = new Views(stored, () => `view-${++ids}`);
  const masks = new FrameMasks(region.masks, pool, 114);
  const gate = new Gate({ maxSkipSeconds: 10, frozenSeconds: 60, pad: 114, road: region.road }, pool, views);
  const plane = SIZE.width * SIZE.height;
  const frame = (atSeconds: number): Frame => ({
    slot: 0,
    capturedAtMs: atSeconds * 1000,
    content: SIZE,
    source: { width: 1920, height: 1080 },
  });
  return {
    views,
    show: (picture, atSeconds, wanted = false) => {
      const pixels = pool.pixels(0);
      for (let i = 0; i < plane; i++) {
        const value = picture(i % SIZE.width, Math.floor(i / SIZE.width));
        pixels.fill(value, i, i + 1);
        pixels[plane + i] = value;
        pixels[2 * plane + i] = value;
      }
      const shown = frame(atSeconds);
      masks.paint(shown);
      return gate.judge(shown, wanted);
    },
  };
}

const car: Picture = (x, y) => (x > 100 && x < 160 && y > 100 && y < 150 ? 240 : street(x, y));
const brighter: Picture = (x, y) => street(x, y) + 12;

test('the first look and a look at what has changed are analysed, a look at the same is not', () => {
  const { show } = watching();
  expect(show(street, 0)).toMatchObject({ analyse: true, reason: 'changed', fault: null });
  expect(show(street, 2)).toMatchObject({ analyse: false, reason: 'unchanged' });
  show(car, 4);
  expect(show(car, 6)).toMatchObject({ analyse: true, reason: 'changed' });
});

test('what passes is waited out, and the road that it uncovers again is no news', () => {
  const { show } = watching();
  const carAt =
    (left: number): Picture =>
    (x, y) =>
      x > left && x < left + 60 && y > 100 && y < 150 ? 240 : street(x, y);
  show(street, 0);
  for (const [at, left] of [
    [2, 20],
    [4, 100],
    [6, 200],
  ] as const)
    expect(show(carAt(left), at)).toMatchObject({ analyse: false, reason: 'passing' });
  expect(show(street, 8)).toMatchObject({ analyse: false, reason: 'unchanged' });
});

test('where traffic never ends, a look is waited for no longer than seven seconds', () => {
  const { show } = watching();
  const carAt =
    (left: number): Picture =>
    (x, y) =>
      x > left && x < left + 40 && y > 100 && y < 150 ? 240 : street(x, y);
  show(street, 0);
  const looks = [2, 4, 6, 8, 10, 12, 14].map((at, i) => show(carAt(20 + ((i * 70) % 240)), at).analyse);
  expect(looks).toEqual([false, false, false, true, false, false, false]);
});

test('damage that appears while traffic passes is looked at when it is there for the second time', () => {
  const { show } = watching();
  const broken: Picture = (x, y) => (x > 200 && x < 230 && y > 150 && y < 170 ? 30 : street(x, y));
  const brokenWithCar: Picture = (x, y) => (x > 20 && x < 80 && y > 100 && y < 150 ? 240 : broken(x, y));
  show(street, 0);
  expect(show(brokenWithCar, 2)).toMatchObject({ analyse: false, reason: 'passing' });
  expect(show(broken, 4)).toMatchObject({ analyse: true, reason: 'changed' });
  expect(show(broken, 6)).toMatchObject({ analyse: false, reason: 'unchanged' });
});

test('a few cells that differ are the noise of a compressed picture', () => {
  const { show } = watching();
  const speck: Picture = (x, y) => (x >= 200 && x < 216 && y >= 144 && y < 160 ? 30 : street(x, y));
  show(street, 0);
  show(speck, 2);
  expect(show(speck, 4)).toMatchObject({ analyse: false, reason: 'unchanged' });
});

test('where looks are far apart, none is waited for', () => {
  const { show } = watching();
  show(street, 0);
  expect(show(car, 4)).toMatchObject({ analyse: true, reason: 'changed' });
});

test('what changes beside the road is no news', () => {
  const road = [
    [0, 0.8],
    [1, 0.8],
    [1, 1],
    [0, 1],
  ] as const;
  const { show } = watching({ road, masks: [] });
  show(street, 0);
  show(car, 2);
  expect(show(car, 4)).toMatchObject({ analyse: false, reason: 'unchanged' });
});

test('a change of light over the whole picture is no change', () => {
  const { show } = watching();
  show(street, 0);
  expect(show(brighter, 2)).toMatchObject({ analyse: false, reason: 'unchanged' });
});

test('no look is skipped for longer than the ceiling, and none while something is being verified', () => {
  const { show } = watching();
  show(street, 0);
  expect(show(street, 9).analyse).toBe(false);
  expect(show(street, 10)).toMatchObject({ analyse: true, reason: 'due' });
  expect(show(street, 11, true)).toMatchObject({ analyse: true, reason: 'wanted' });
});

test('when the clock of the box is set back, looking goes on', () => {
  const { show } = watching();
  show(street, 3_600);
  expect(show(street, 0)).toMatchObject({ analyse: true, reason: 'due' });
});

test.each<[string, Picture]>([
  ['dark', () => 4],
  ['covered', (x) => 90 + (x % 3)],
])(
  'a %s picture is a state and is never analysed, not even when something is being verified',
  (fault, picture) => {
    const { show } = watching();
    show(street, 0);
    expect(show(picture, 2, true)).toMatchObject({ analyse: false, reason: fault, fault });
    expect(show(street, 4, true)).toMatchObject({ analyse: true, fault: null });
  },
);

test('a lens out of focus is blurred after three looks', () => {
  const { show } = watching();
  // Fine structure on top of coarse; out of focus only the coarse is left.
  const sharp: Picture = (x, y) => street(x, y) + ((x + y) % 2) * 40 - 20;
  for (let i = 0; i < 5; i++) show(sharp, i);
  const soft: Picture = (x) => 90 + 40 * Math.sin(x / 40);
  expect([5, 6, 7].map((at) => show(soft, at).fault)).toEqual([null, null, 'blurred']);
});

test('a picture that stays the same to the last bit is frozen after the time that the configuration names', () => {
  const { show } = watching();
  for (let at = 0; at < 60; at += 10) expect(show(street, at).fault).toBeNull();
  expect(show(street, 70).fault).toBe('frozen');
  expect(show(car, 72).fault).toBeNull();
});

const elsewhere: Picture = (x, y) => blocks(x, y, 1);
/** No two pictures of a real camera are alike, to the last bit. */
const live =
  (picture: Picture, at: number): Picture =>
  (x, y) =>
    picture(x, y) + ((at / 2) % 2);
const every = (from: number, to: number, step = 2): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);

test('a camera that was turned is moved for a minute, in which nothing is analysed; then the new view is its view', () => {
  const { show } = watching();
  for (const at of every(0, 60)) expect(show(live(street, at), at)).toMatchObject({ view: 'view-1' });
  const verdicts = every(62, 120).map((at) => show(live(elsewhere, at), at, true));
  expect(verdicts.filter(({ analyse }) => analyse)).toEqual([]);
  expect(verdicts.map(({ reason }) => reason)).toEqual([
    ...['elsewhere', 'elsewhere', 'elsewhere'],
    ...Array(verdicts.length - 3).fill('moved'),
  ]);
  expect(
    every(122, 130)
      .map((at) => show(live(elsewhere, at), at, true))
      .at(-1),
  ).toMatchObject({
    analyse: true,
    fault: null,
    view: 'view-2',
  });
});

test('a camera that was turned back shows the view of before, at once and also after a restart', () => {
  const before = watching();
  for (const at of every(0, 60)) before.show(live(street, at), at);
  for (const at of every(62, 80)) before.show(live(elsewhere, at), at);
  const back = every(82, 90).map((at) => before.show(live(street, at), at));
  expect(back.at(-1)).toMatchObject({ fault: null, view: 'view-1' });

  const after = watching({ masks: [] }, before.views.stored);
  expect(after.show(brighter, 0)).toMatchObject({ view: 'view-1', fault: null });
});

test('a camera that was turned while nobody watched is moved', () => {
  const before = watching();
  for (const at of every(0, 60)) before.show(live(street, at), at);
  const after = watching({ masks: [] }, before.views.stored);
  expect(after.show(live(elsewhere, 0), 0)).toMatchObject({ analyse: false, view: null });
  expect(after.show(live(elsewhere, 2), 2)).toMatchObject({ fault: 'moved', view: null });
  expect(after.show(live(elsewhere, 70), 70)).toMatchObject({ fault: null, view: 'view-2' });
});

test('what fills the picture while it passes is neither a move nor a view', () => {
  const { show, views } = watching();
  for (const at of every(0, 60)) show(live(street, at), at);
  for (const at of [62, 64])
    expect(show(live(elsewhere, at), at)).toMatchObject({ analyse: false, fault: null });
  expect(show(street, 66)).toMatchObject({ view: 'view-1' });
  expect(views.stored).toHaveLength(1);
});

test('views are bounded: the one that was not seen for longest is forgotten', () => {
  const { show, views } = watching();
  for (let view = 0; view < 20; view++) {
    for (let look = 0; look < 5; look++) show((x, y) => blocks(x, y, view), view * 100 + look * 2);
  }
  expect(views.stored).toHaveLength(16);
  expect(views.stored.map(({ id }) => id)).not.toContain('view-2');
});

test('a view that is new today outlives those that a run with a clock years ahead has kept', () => {
  const before = watching();
  const YEARS_AHEAD_S = 2e9;
  for (let view = 0; view < 20; view++) {
    for (let look = 0; look < 5; look++)
      before.show((x, y) => blocks(x, y, view), YEARS_AHEAD_S + view * 100 + look * 2);
  }
  expect(before.views.stored).toHaveLength(16);

  const { show, views } = watching({ masks: [] }, before.views.stored);
  const today = every(0, 80).map(
    (at) =>
      show(
        live((x, y) => blocks(x, y, 30), at),
        at,
      ).view,
  );
  expect(views.stored).toHaveLength(16);
  expect(views.stored.at(-1)?.id).toBe(today.at(-1));
  expect(views.stored[0]?.id).toBe(before.views.stored[1]?.id);
});

test('a view to which the camera was turned back is kept as the one seen last', () => {
  const { show, views } = watching();
  for (const at of every(0, 60)) show(live(street, at), at);
  for (const at of every(62, 80)) show(live(elsewhere, at), at);
  expect(views.stored.map(({ id }) => id)).toEqual(['view-1', 'view-2']);
  views.takeChanged();
  for (const at of every(82, 90)) show(live(street, at), at);
  expect(views.stored.map(({ id }) => id)).toEqual(['view-2', 'view-1']);
  expect(views.takeChanged()).toBe(true);
});

test.each([
  ['on the road', [0.45, 0.7, 0.1, 0.1], true],
  ['beside the road', [0.0, 0.1, 0.1, 0.1], false],
  ['inside a mask', [0.3, 0.9, 0.04, 0.04], false],
  ['too small for so near a place', [0.5, 0.9, 0.02, 0.02], false],
] as const)('damage %s counts: %s', (_, box, counts) => {
  const region: Region = {
    road: [
      [0.1, 1],
      [0.4, 0.4],
      [0.6, 0.4],
      [0.9, 1],
    ],
    masks: [
      [
        [0.25, 0.85],
        [0.4, 0.85],
        [0.4, 1],
        [0.25, 1],
      ],
    ],
    minBoxHeight: { top: 0.01, bottom: 0.04 },
  };
  expect(liesOnRoad(region, box)).toBe(counts);
});

describe('a page that a recorder shows in place of the picture is a placeholder, never a view', () => {
  const letters =
    (paper: number, ink: number): Picture =>
    (x, y) =>
      y > 80 && y < 112 && x > 80 && x < 240 && (x >> 3) % 2 === 0 ? ink : paper;
  const pages: readonly [string, Picture][] = [
    ['a blue page with letters', letters(0, 255)],
    ['a grey page with letters', letters(48, 235)],
    ['colour bars', (x) => [180, 162, 131, 112, 84, 65, 35][Math.floor((x / SIZE.width) * 7)] as number],
    ['a logo', (x, y) => ((x - 160) ** 2 + (y - 90) ** 2 < 2_500 ? 60 : 240)],
    [
      'a gradient with letters',
      (x, y) => (y > 80 && y < 100 && (x >> 3) % 3 === 0 ? 255 : 20 + (y >> 4) * 6),
    ],
  ];
  const grain =
    (picture: Picture, at: number): Picture =>
    (x, y) =>
      picture(x, y) + ((x * 7 + y * 13 + at) % 9) - 4;

  test.each(pages)('%s', (_, page) => {
    const { show, views } = watching();
    for (const at of every(0, 60)) show(grain(street, at), at);
    const verdicts = every(62, 80).map((at) => show(page, at, true));
    expect(verdicts.map(({ fault }) => fault)).toEqual([null, null, ...Array(8).fill('placeholder')]);
    expect(verdicts.filter(({ analyse, view }) => analyse || view !== null)).toEqual([]);
    const back = every(82, 90).map((at) => show(grain(street, at), at));
    expect(back.map(({ fault }) => fault)).toEqual(['placeholder', 'placeholder', null, null, null]);
    expect(back.at(-1)).toMatchObject({ view: 'view-1' });
    expect(views.stored).toHaveLength(1);
  });

  test.each(pages.slice(0, 4))('%s, from the beginning', (_, page) => {
    const { show, views } = watching();
    expect(every(0, 8).map((at) => show(page, at).fault)).toEqual([
      null,
      null,
      ...Array(3).fill('placeholder'),
    ]);
    expect(views.stored).toEqual([]);
    for (const at of every(10, 20)) show(grain(street, at), at);
    expect(show(grain(street, 22), 22)).toMatchObject({ view: 'view-1', fault: null });
  });

  test('a page that is shown for a moment changes nothing', () => {
    const { show } = watching();
    for (const at of every(0, 60)) show(grain(street, at), at);
    for (const at of [62, 64]) expect(show(pages[0]?.[1] as Picture, at).fault).toBeNull();
    expect(show(grain(street, 66), 66)).toMatchObject({ fault: null, view: 'view-1' });
  });

  test('a street of which most lies under masks is none', () => {
    const most = [
      [0, 0],
      [0.9, 0],
      [0.9, 1],
      [0, 1],
    ] as const;
    const { show } = watching({ masks: [most] });
    for (const at of every(0, 20)) expect(show(grain(street, at), at).fault).toBeNull();
  });

  test('a street at night, all but its lamps in the black, is none', () => {
    const { show } = watching();
    const lamps = (x: number, y: number): number => ((x % 64) - 32) ** 2 + (y - 60) ** 2;
    const night: Picture = (x, y) => (lamps(x, y) < 400 ? 250 - lamps(x, y) / 2 : 6);
    for (const [share, at] of every(0, 60).map((at) => [Math.min(1, at / 40), at] as const))
      show((x, y) => street(x, y) * (1 - share) + night(x, y) * share + ((x + at) % 3), at);
    for (const at of every(62, 80)) expect(show(live(night, at), at).fault).toBeNull();
  });
});

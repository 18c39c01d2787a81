/** Scripts that run in the page, as text: the tests are checked without the browser's types. */
import type { Page } from 'playwright-core';

const TEXTS = `(() => {
  const attributes = ['aria-label', 'title', 'placeholder', 'alt'];
  const said = [...document.querySelectorAll('body *')]
    .flatMap((element) => attributes.map((name) => element.getAttribute(name) ?? ''));
  return [document.title, document.body.innerText, ...said].join('\\n');
})()`;

/** What a person reads or has read out on the page, as it stands. */
export function textsOnScreen(page: Page): Promise<string> {
  return page.evaluate<string>(TEXTS);
}

const OVERFLOW = `(() => {
  const { scrollWidth, scrollHeight } = document.documentElement;
  const screen = { left: 0, right: innerWidth };
  const cutOff = [...document.querySelectorAll('button, a.button, nav a')]
    .map((element) => ({
      name: element.textContent,
      box: element.getBoundingClientRect(),
      room: element.closest('.scroll')?.getBoundingClientRect() ?? screen,
    }))
    .filter(({ box, room }) => box.right > room.right || box.left < room.left)
    .map(({ name }) => name);
  return { tooWide: scrollWidth > innerWidth, tooHigh: scrollHeight > innerHeight, cutOff };
})()`;

export interface Overflow {
  readonly tooWide: boolean;
  readonly tooHigh: boolean;
  /** Buttons and links that reach beyond the left or right edge of the screen, or of the list that they are in; below is where one scrolls to. */
  readonly cutOff: readonly string[];
}

export function overflowOf(page: Page): Promise<Overflow> {
  return page.evaluate<Overflow>(OVERFLOW);
}

const MISFITS = `(() => {
  const round = ({ left, top, right, bottom }) => ({ left, top, right, bottom });
  const name = (element) => (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 60);
  const within = (element) => {
    const box = round(element.getBoundingClientRect());
    for (let room = element.parentElement; room !== null; room = room.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(room);
      const { left, top, right, bottom } = room.getBoundingClientRect();
      if (overflowX !== 'visible') Object.assign(box, { left: Math.max(box.left, left), right: Math.min(box.right, right) });
      if (overflowY !== 'visible') Object.assign(box, { top: Math.max(box.top, top), bottom: Math.min(box.bottom, bottom) });
    }
    return box;
  };
  const scrolls = (element) => {
    for (let room = element.parentElement; room !== null; room = room.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(room).overflowX) && room.scrollWidth > room.clientWidth) return true;
    return false;
  };
  const layer = (element) => {
    for (let above = element; above !== null; above = above.parentElement)
      if (['sticky', 'fixed', 'absolute'].includes(getComputedStyle(above).position)) return above;
    return null;
  };
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  const shown = [...document.querySelectorAll('button, a.button, nav a, input, select, textarea')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest('.maplibregl-map'))
    .map((element) => ({ element, whole: element.getBoundingClientRect(), box: within(element), layer: layer(element) }))
    .filter(({ whole }) => whole.width > 2 && whole.height > 2);
  for (const { element, whole, box } of shown) {
    if (scrolls(element)) continue;
    if (whole.left < -1 || whole.right > innerWidth + 1 || box.right - box.left < whole.width - 1)
      found.push('cut off at the side: ' + name(element));
    if (element.tagName === 'BUTTON' && element.scrollWidth > element.clientWidth + 1) found.push('text cut off: ' + name(element));
  }
  const pressed = shown.filter(({ element, box }) => !element.matches('input, nav a') && box.right - box.left > 2 && box.bottom - box.top > 2);
  pressed.forEach((one, index) => {
    for (const other of pressed.slice(index + 1)) {
      if (one.layer !== other.layer || one.element.contains(other.element)) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (across > 2 && down > 2) found.push(name(one.element) + ' lies over ' + name(other.element));
    }
  });
  for (const sheet of document.querySelectorAll('.sheet'))
    if (sheet.scrollWidth > sheet.clientWidth) found.push('the sheet scrolls sideways: ' + sheet.scrollWidth + ' in ' + sheet.clientWidth);
  for (const told of document.querySelectorAll(':is(.tickets, .cameras) :is(.mark, .clock)')) {
    const whole = told.getBoundingClientRect();
    if (whole.width > 2 && within(told).right < whole.right - 1) found.push('how it stands is out of view: ' + name(told));
  }
  const here = document.querySelector('header nav [aria-current]');
  if (here !== null) {
    const [tab, nav] = [here, here.closest('nav')].map((element) => element.getBoundingClientRect());
    if (tab.left < nav.left - 1 || tab.right > nav.right + 1) found.push('the page’s own name is out of view in the navigation');
  }
  return found;
})()`;

/**
 * What does not fit on the screen, a line for each: a page that scrolls sideways, what is cut off where nothing scrolls, and what is
 * pressed lying over one another, a sheet that scrolls sideways, and what a list is looked at for when one has to scroll sideways to it. Empty: all fits.
 */
export async function misfits(page: Page): Promise<string[]> {
  await drawn(page);
  return page.evaluate<string[]>(MISFITS);
}

/** Two frames: what follows from a change of size has been drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

const COLOURS = `(() => {
  const canvas = document.querySelector('canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
})()`;

/** How many colours the live picture has: one when it is blank. */
export function coloursOfLive(page: Page): Promise<number> {
  return page.evaluate<number>(COLOURS);
}

const STARTS_AGAIN = `new Promise((resolve) => {
  const video = document.querySelector('video');
  let furthest = 0;
  video.addEventListener('timeupdate', () => {
    if (video.currentTime < furthest) resolve();
    furthest = video.currentTime;
  });
})`;

/** Resolves when the clip has played to its end and goes on from its start. */
export function clipStartsAgain(page: Page): Promise<void> {
  return page.evaluate<void>(STARTS_AGAIN);
}

const LAST_PICTURE = `(async () => {
  const picture = [...document.images].at(-1);
  await picture.decode();
  return [picture.naturalWidth, picture.naturalHeight];
})()`;

/** Width and height in pixels, as the file is turned, of the last picture on the page. */
export function sizeOfLastPicture(page: Page): Promise<readonly [number, number]> {
  return page.evaluate<[number, number]>(LAST_PICTURE);
}

/** How many pictures of a video have been shown. */
export function framesShown(page: Page): Promise<number> {
  return page.evaluate<number>(
    "document.querySelector('.live video').getVideoPlaybackQuality().totalVideoFrames",
  );
}

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

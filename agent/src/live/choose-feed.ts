/** How a camera is shown to somebody who can play so much: as it sends where that may be, painted and encoded otherwise. */
import type { LiveOffer } from '@roadwatch/contract';
import type { OpenFeed } from './feed.ts';
import { paintedFeed } from './painted-feed.ts';
import { type PassedSource, passedFeed } from './passed-feed.ts';
import type { PictureSource } from './picture-stream.ts';

export interface Watchable {
  /** Throws when it does not stream. */
  pictureSource(): PictureSource;
  /** Null: what it sends is neither H.264 nor H.265, or is not known yet. */
  passedSource(): PassedSource | null;
}

export interface Choice {
  readonly offer: Pick<LiveOffer, 'format' | 'codec' | 'masked'>;
  readonly open: OpenFeed;
}

export function chooseFeed(camera: Watchable, plays: readonly string[]): Choice {
  const pictures = camera.pictureSource();
  const passed = camera.passedSource();
  const masked = pictures.masks.length > 0;
  const codec = passed?.codec ?? null;
  return passed !== null && !masked && plays.includes(passed.codec)
    ? { offer: { format: 'fmp4', codec, masked }, open: passedFeed(passed) }
    : { offer: { format: 'mpeg1', codec, masked }, open: paintedFeed(pictures) };
}

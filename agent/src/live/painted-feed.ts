/** A camera decoded, its masks painted in, and encoded as MPEG-1: for cameras that may not be shown as they are, and for any browser. */
import { redactText } from '@roadwatch/common';
import { FIRST_PICTURE_MS, type OpenFeed } from './feed.ts';
import { Mpeg1Stream } from './mpeg1.ts';
import { type PictureSource, PictureStream } from './picture-stream.ts';

/** A viewer on a slow line misses packets rather than seeing the past. */
const MAX_BUFFERED_BYTES = 1_000_000;

export function paintedFeed(source: PictureSource): OpenFeed {
  return async (send) => {
    const pictures = await PictureStream.start(source, AbortSignal.timeout(FIRST_PICTURE_MS));
    let problem = '';
    pictures.log.setEncoding('utf8').on('data', (text: string) => {
      problem = /\[(?:error|fatal)\] (.*)/.exec(text)?.[1] ?? problem;
    });
    const encoder = new Mpeg1Stream(pictures.pictures, (packets) => {
      send(packets, MAX_BUFFERED_BYTES);
    });
    return {
      ended: Promise.race([
        pictures.ended.then((reason) =>
          redactText(`the camera's stream ended: ${reason ?? (problem || 'no reason given')}`),
        ),
        encoder.ended.then((words) => `the encoder ended: ${words}`),
      ]),
      stop: async () => {
        await Promise.all([pictures.stop(), encoder.stop()]);
      },
    };
  };
}

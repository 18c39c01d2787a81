/** Which streams of a camera are used: the full picture for evidence, a smaller one of the same view for the model. */
import type { OnvifStream } from './camera.ts';

/** Narrower ones show the model less than it can use. */
const LEAST_WIDTH = 600;
/** A sub-stream as large as this saves nothing. */
const SAVES = 0.6;

export interface ChosenStreams {
  readonly main: OnvifStream;
  readonly sub: OnvifStream | null;
}

/** One entry for each lens; streams that cannot be decoded as video for long (JPEG) only where there is no other. */
export function chooseStreams(streams: readonly OnvifStream[]): readonly ChosenStreams[] {
  const sources = [...new Set(streams.map(({ source }) => source))];
  return sources.flatMap((source) => {
    const own = streams.filter((stream) => stream.source === source);
    const video = own.filter(({ codec }) => !/jpe?g/i.test(codec));
    const [main, ...rest] = (video.length > 0 ? video : own).toSorted((a, b) => area(b) - area(a));
    if (main === undefined) return [];
    const smaller = rest.filter((stream) => stream.url !== main.url && area(stream) < SAVES * area(main));
    return [{ main, sub: smaller.findLast(({ width }) => width >= LEAST_WIDTH) ?? null }];
  });
}

function area({ width, height }: OnvifStream): number {
  return width * height;
}

/** A sub-stream: what the main stream shows, encoded once more at a smaller size, picture for picture at the same times. */
import type { AccessUnit, Clip } from '../media/clip.ts';
import { encodeCopy } from '../media/encode.ts';
import { UnusableSourceError } from '../media/process.ts';
import type { CameraSource, Shown, SubStreamSettings } from './source.ts';

/** @throws UnusableSourceError when the sub-stream is larger than the main one */
export async function withSubStream(
  source: CameraSource,
  settings: SubStreamSettings | undefined,
  signal: AbortSignal,
): Promise<CameraSource> {
  if (settings === undefined) return source;
  const small = new Map<Clip, Clip>();
  for (const clip of source.timeline.clips)
    small.set(clip, await shrink(source.name, clip, settings, signal));
  const complete = source.complete?.then((film) => withSubStream(film, settings, signal));
  // Whoever awaits it gets its failure, also when that comes before anyone does.
  complete?.catch(() => {});
  const withSub = ({ timeline, truthAt }: Shown, film = complete): Shown => ({
    timeline,
    sub: timeline.map((clip) => small.get(clip) as Clip),
    ...(truthAt && { truthAt }),
    ...(film && { complete: film }),
  });
  const { later } = source;
  return {
    ...source,
    ...withSub(source),
    ...(later && {
      later: (seconds) =>
        withSub(
          later(seconds),
          complete?.then((film) => ({ ...film, ...film.later?.(seconds) })),
        ),
    }),
  };
}

async function shrink(
  name: string,
  clip: Clip,
  { width, height, bitrateKbps }: SubStreamSettings,
  signal: AbortSignal,
): Promise<Clip> {
  if (width > clip.width || height > clip.height) {
    throw new UnusableSourceError(
      `${name}: a sub-stream of ${width}x${height} is larger than the main one (${clip.width}x${clip.height})`,
    );
  }
  const copy = await encodeCopy(clip, { width, height }, { ...(bitrateKbps && { bitrateKbps }) }, signal);
  return { ...copy, units: timedLike(clip, copy.units), ticks: clip.ticks };
}

/** A byte stream carries no times: the copy takes those of the original, in the order in which pictures are shown. */
function timedLike(original: Clip, units: readonly AccessUnit[]): readonly AccessUnit[] {
  if (units.length !== original.units.length) return units.filter(({ dts }) => dts < original.ticks);
  const shown = original.units.map(({ pts }) => pts).sort((a, b) => a - b);
  return units.map((unit, i) => ({
    ...unit,
    dts: (original.units[i] as AccessUnit).dts,
    pts: shown[i] as number,
  }));
}

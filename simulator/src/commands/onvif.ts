/** The ONVIF side of a camera that is served: its streams as profiles, behind the same login and the same clock. */
import type { Stream } from '../camera/stream.ts';
import type { OnvifProfile } from '../onvif/answers.ts';
import { type RunningOnvif, startOnvif } from '../onvif/responder.ts';
import type { OpenedCamera } from './cameras.ts';

export interface OnvifPlace {
  readonly host: string;
  readonly port: number;
  readonly discoverable?: boolean;
}

/** Throws what the system says when the address cannot be had. */
export function onvifSide(
  { camera, source }: OpenedCamera,
  urlOf: (stream: Stream) => string,
  { host, port, discoverable = false }: OnvifPlace,
): Promise<RunningOnvif> {
  const { main, sub, credentials, clockOffsetMs, maker } = camera;
  const profile = (
    token: string,
    stream: Stream,
    { clips }: OpenedCamera['source']['timeline'],
  ): OnvifProfile[] =>
    [...clips]
      .slice(0, 1)
      .map(({ width, height, fps }) => ({ token, width, height, fps, url: urlOf(stream) }));
  return startOnvif({
    ...{ name: camera.path, host, port, discoverable, clockOffsetMs },
    ...{ manufacturer: maker.manufacturer, model: maker.model },
    ...(credentials === undefined ? {} : { credentials }),
    profiles: [
      ...profile('main', main, source.timeline),
      ...(sub === null || source.sub === undefined ? [] : profile('sub', sub, source.sub)),
    ],
  });
}

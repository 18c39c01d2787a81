/** The ONVIF side of a camera that is served: its streams as profiles, behind the same login and the same clock. */
import type { Camera } from '../camera/camera.ts';
import type { Stream } from '../camera/stream.ts';
import { jpegOf } from '../media/still.ts';
import type { OnvifProfile } from '../onvif/device.ts';
import { type RunningOnvif, type Snapshot, startOnvif } from '../onvif/responder.ts';
import { Authenticator } from '../rtsp/auth.ts';
import type { OpenedCamera } from './cameras.ts';

export interface OnvifPlace {
  readonly host: string;
  readonly port: number;
  readonly discoverable?: boolean;
}

/** Throws what the system says when the address cannot be had. @param signal ends what it decodes */
export function onvifSide(
  { camera, source }: OpenedCamera,
  urlOf: (stream: Stream) => string,
  { host, port, discoverable = false }: OnvifPlace,
  signal: AbortSignal,
): Promise<RunningOnvif> {
  const { main, sub, credentials, clockOffsetMs, maker } = camera;
  const profile = (
    token: string,
    stream: Stream,
    { clips }: OpenedCamera['source']['timeline'],
  ): OnvifProfile[] =>
    [...clips].slice(0, 1).map(({ width, height, fps }) => ({
      ...{ token, width, height, fps, url: urlOf(stream) },
      ...(maker.gopSeconds !== null && { gopSeconds: maker.gopSeconds }),
    }));
  return startOnvif({
    ...{ name: camera.path, host, port, discoverable, clockOffsetMs },
    ...{ manufacturer: maker.manufacturer, model: maker.model },
    ...(credentials === undefined ? {} : { credentials }),
    snapshot: snapshotOf(camera, signal),
    profiles: [
      ...profile('main', main, source.timeline),
      ...(sub === null || source.sub === undefined ? [] : profile('sub', sub, source.sub)),
    ],
  });
}

/** What the camera shows now, for who logs in by HTTP as by RTSP. */
function snapshotOf(camera: Camera, signal: AbortSignal): Snapshot {
  const auth = new Authenticator();
  const { credentials, login } = camera;
  return {
    take: () => {
      const { unit, codec } = camera.main.keyframe;
      return jpegOf(unit, codec, signal);
    },
    challenges: ({ method = '', headers }) => {
      if (credentials === undefined) return null;
      const given = new Map(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      const verdict = auth.check(credentials, login, { method, headers: given }, Date.now());
      return verdict === 'accepted' ? null : auth.challenges(login, Date.now(), verdict === 'stale');
    },
  };
}

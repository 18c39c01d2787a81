/** The streams of a server by what requests call them: the path, with a query where the maker's cameras have one, and a track. */
import type { Camera } from '../camera/camera.ts';
import type { Maker, TrackKind } from '../camera/makers/maker.ts';
import type { CameraStream } from './session.ts';

export interface Found extends CameraStream {
  /** The track that the request names; null where it names the stream. */
  readonly track: TrackKind | null;
  /** The address of the stream: the request's own, without the track and without a slash at its end. */
  readonly url: string;
}

export class StreamDirectory {
  readonly #streams: ReadonlyMap<string, CameraStream>;
  readonly #makers: ReadonlySet<Maker>;
  /** The first one, in whose name the server speaks where it is asked for none. */
  readonly front: Camera | null;

  constructor(cameras: Iterable<Camera>) {
    const all = [...cameras];
    this.front = all[0] ?? null;
    this.#makers = new Set(all.map(({ maker }) => maker));
    const streams = all.flatMap((camera) =>
      [camera.main, camera.sub].filter((stream) => stream !== null).map((stream) => ({ camera, stream })),
    );
    this.#streams = new Map(streams.map((found) => [found.stream.path, found]));
  }

  /** Undefined where there is no such stream, and for what cannot be read. */
  find(uri: string): Found | undefined {
    for (const maker of this.#makers) {
      const { url, track } = partsOf(uri, maker);
      const meant = pathMeant(url, maker);
      const found = meant === null ? undefined : this.#streams.get(meant);
      if (found?.camera.maker === maker) return { ...found, track, url };
    }
    return undefined;
  }
}

/** The track is the last step of the path, or stands behind the query: clients put both together in either way. */
function partsOf(uri: string, { controls }: Maker): Pick<Found, 'url' | 'track'> {
  const [address = '', ...rest] = uri.split('?');
  const query = rest.length === 0 ? null : rest.join('?');
  for (const [track, control] of Object.entries(controls) as [TrackKind, string][]) {
    for (const [part, isPath] of [
      [query ?? address, query === null],
      [address, true],
    ] as const) {
      const bare = part.replace(/\/+$/, '');
      if (!bare.endsWith(`/${control}`)) continue;
      const left = bare.slice(0, -control.length - 1);
      return { track, url: urlOf(isPath ? left : address, isPath ? query : left) };
    }
  }
  return { track: null, url: urlOf(address, query) };
}

function urlOf(address: string, query: string | null): string {
  const path = address.replace(/\/+$/, '');
  return query === null ? path : `${path}?${query.replace(/\/+$/, '')}`;
}

function pathMeant(url: string, maker: Maker): string | null {
  const [path = '', ...query] = url.replace(/^rtsps?:\/\/[^/?]*/i, '').split('?');
  try {
    const steps = decodeURIComponent(path).replaceAll(/^\/+|\/+$/g, '');
    return maker.pathMeant(steps, new URLSearchParams(query.join('?')));
  } catch {
    return null;
  }
}

/**
 * Where makers have their streams, for cameras on which ONVIF is off. `CHANNEL` is the lens or the recorder's input, from 1.
 * From the makers' own manuals and support pages; a camera answers 404 at the paths of others.
 */
export interface Maker {
  readonly name: string;
  /** In the realm, or the Server header, of its RTSP server. */
  readonly mark: RegExp;
  readonly main: string;
  readonly sub: string;
}

export const MAKERS: readonly Maker[] = [
  {
    name: 'Hikvision',
    mark: /hikvision|^ip camera\(|^ds-/i,
    main: '/Streaming/Channels/CHANNEL01',
    sub: '/Streaming/Channels/CHANNEL02',
  },
  {
    name: 'Dahua',
    mark: /^login to |dahua/i,
    main: '/cam/realmonitor?channel=CHANNEL&subtype=0',
    sub: '/cam/realmonitor?channel=CHANNEL&subtype=1',
  },
  {
    name: 'Uniview',
    // Most have their hardware address there, which begins with the maker's own digits.
    mark: /uniview|^unv|^h3c|^(48ea63|c47905)[0-9a-f]{6}$/i,
    main: '/unicast/cCHANNEL/s0/live',
    sub: '/unicast/cCHANNEL/s1/live',
  },
  { name: 'Tiandy', mark: /tiandy/i, main: '/CHANNEL/1', sub: '/CHANNEL/2' },
  { name: 'TP-Link', mark: /tp-?link|tapo|vigi/i, main: '/stream1', sub: '/stream2' },
  {
    name: 'Axis',
    mark: /^axis/i,
    main: '/axis-media/media.amp?camera=CHANNEL',
    sub: '/axis-media/media.amp?camera=CHANNEL&resolution=640x360',
  },
];

/** Where the maker whose full stream has this path and query has the smaller one, of the same channel; null where it is nobody's. */
export function subPathOf(path: string): string | null {
  for (const { main, sub } of MAKERS) {
    const escaped = main.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace('CHANNEL', '(\\d{1,3})');
    const found = new RegExp(`^${escaped}$`, 'i').exec(path);
    if (found !== null) return sub.replace('CHANNEL', found[1] ?? '');
  }
  return null;
}

export interface MakerUrls {
  readonly maker: string;
  readonly main: string;
  readonly sub: string;
}

/** The addresses of one maker's streams, without a login. `host`: with brackets for IPv6, and a port where it is not 554. */
export function urlsOf({ name, main, sub }: Maker, host: string, channel = 1): MakerUrls {
  const at = (path: string): string => `rtsp://${host}${path.replaceAll('CHANNEL', String(channel))}`;
  return { maker: name, main: at(main), sub: at(sub) };
}

/** Those whose mark is in what the camera says of itself; all, in the table's order, where nobody's is. */
export function makersOf(said: readonly string[]): readonly Maker[] {
  const known = MAKERS.filter(({ mark }) => said.some((text) => mark.test(text)));
  return known.length > 0 ? known : MAKERS;
}

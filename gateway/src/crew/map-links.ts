/** Where the damage is, in what a telephone opens: each program by the datum that it reads. */
import type { PositionView } from '@roadwatch/contract/api';

export interface MapLink {
  readonly program: 'device' | 'amap' | 'apple';
  readonly href: string;
}

/**
 * The one that opens on this telephone comes first. `geo:` (RFC 5870) is WGS 84 and opens what an Android telephone has; Amap and,
 * within China, Apple's maps read GCJ-02. Browsers inside of chats, such as WeChat's, open no `geo:`.
 */
export function mapLinks(
  { latitude, longitude, gcj02 }: PositionView,
  label: string,
  userAgent = '',
): readonly MapLink[] {
  const name = encodeURIComponent(label);
  const device = {
    program: 'device',
    href: `geo:${latitude},${longitude}?q=${latitude},${longitude}(${name})`,
  } as const;
  const amap = {
    program: 'amap',
    href: `https://uri.amap.com/marker?position=${gcj02.longitude},${gcj02.latitude}&name=${name}&src=roadwatch&coordinate=gaode&callnative=1`,
  } as const;
  const apple = {
    program: 'apple',
    href: `https://maps.apple.com/?ll=${gcj02.latitude},${gcj02.longitude}&q=${name}`,
  } as const;
  if (/iPhone|iPad|iPod/.test(userAgent)) return [apple, amap];
  if (/MicroMessenger|DingTalk|QQ\//.test(userAgent)) return [amap];
  return [device, amap];
}

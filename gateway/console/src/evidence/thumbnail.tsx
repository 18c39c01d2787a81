/** The damage and a little of the road around it, small: of the small copy of the picture, so that a list loads and decodes no stills. */

import type { Alert } from '@roadwatch/contract/api';
import { thumbnailUrl } from '../shared/api/field.ts';
import { around, boxInPixels } from './zoom.ts';

/** The small copy has 320 pixels across and a row shows 96: what is further enlarged is only blurred. */
const LEAST_SHOWN = 96 / 320;

export function Thumbnail({ alert }: { readonly alert: Alert }) {
  const picture = alert.evidence.find(({ kind, available }) => kind === 'still' && available);
  if (picture === undefined || alert.frame === null) return <span class="thumb" />;
  const { width, height } = alert.frame;
  const view = around(boxInPixels(alert.box, width, height), width, height, LEAST_SHOWN);
  return (
    <svg
      class="thumb"
      viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <image href={thumbnailUrl(picture.sha256)} width={width} height={height} />
    </svg>
  );
}

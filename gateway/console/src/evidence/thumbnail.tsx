/** The damage and a little of the road around it, small. */

import type { Alert } from '@roadwatch/contract/api';
import { evidenceUrl } from '../shared/api/field.ts';
import { around, boxInPixels } from './zoom.ts';

export function Thumbnail({ alert }: { readonly alert: Alert }) {
  const picture = alert.evidence.find(({ kind, available }) => kind === 'still' && available);
  if (picture === undefined || alert.frame === null) return <span class="thumb" />;
  const { width, height } = alert.frame;
  const view = around(boxInPixels(alert.box, width, height), width, height);
  return (
    <svg
      class="thumb"
      viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <image href={evidenceUrl(picture.sha256)} width={width} height={height} />
    </svg>
  );
}

/** A camera's figures as people read them. */
import type { CameraFigures, OfCamera } from '@roadwatch/contract/api';

export function keyOf({ site, agent, camera }: OfCamera): string {
  return `${site}/${agent}/${camera}`;
}

/** `99.5%`, rounded down, so that 100% is all of it; a dash where nothing is known. */
export function shareText(share: number | null): string {
  if (share === null) return '–';
  const percent = Math.floor(share * 1000) / 10;
  return `${percent === 100 || percent === 0 ? percent : percent.toFixed(1)}%`;
}

/** `25% (3/12)`; a dash where nothing was judged. */
export function falseAlarmText({ judged, rejected }: Pick<CameraFigures, 'judged' | 'rejected'>): string {
  return judged === 0 ? '–' : `${Math.round((rejected / judged) * 100)}% (${rejected}/${judged})`;
}

/** Which cameras are asked for, as it stands in the address: whoever gets the link sees the same list. */
import { CAMERA_TONES } from '@roadwatch/contract/api/vocabulary.ts';
import type { CameraQuery } from '../../shared/api/field.ts';

const MAX_TEXT = 200;

export function askedIn(search: string): CameraQuery {
  const asked = new URLSearchParams(search);
  return {
    q: (asked.get('q') ?? '').slice(0, MAX_TEXT),
    tone: CAMERA_TONES.find((tone) => tone === asked.get('tone')) ?? null,
    after: asked.get('after'),
  };
}

/** `?…`, or empty. */
export function searchFor({ q, tone, after }: CameraQuery): string {
  const search = new URLSearchParams({
    ...(q === '' ? {} : { q }),
    ...(tone === null ? {} : { tone }),
    ...(after === null ? {} : { after }),
  }).toString();
  return search === '' ? '' : `?${search}`;
}

/** Loads and decodes the pictures of the alerts that are ready, so that each is there at once when its turn comes. */
import type { Alert } from '@roadwatch/contract/api';
import { useEffect, useRef } from 'preact/hooks';
import { pictureShown } from '../evidence/picture-sources.tsx';
import { evidenceUrl } from '../shared/api/field.ts';

/** `shown`: at hand; its picture stays decoded while it is. */
export function usePreloadedPictures(shown: Alert | null, ahead: readonly Alert[]): void {
  const urls = [...(shown === null ? [] : [shown]), ...ahead].flatMap(stillUrl).join(' ');
  const held = useRef<ReadonlyMap<string, HTMLImageElement>>(new Map());
  useEffect(() => {
    const wanted = urls.split(' ').filter(Boolean);
    held.current = new Map(wanted.map((url) => [url, held.current.get(url) ?? decoded(url)]));
  }, [urls]);
}

function stillUrl(alert: Alert): string[] {
  const evidence = pictureShown(alert, null)?.evidence ?? [];
  const still = evidence.find(({ kind, available }) => kind === 'still' && available);
  return still === undefined ? [] : [evidenceUrl(still.sha256)];
}

function decoded(url: string): HTMLImageElement {
  const picture = new Image();
  picture.src = url;
  picture.decode().catch(() => {});
  return picture;
}

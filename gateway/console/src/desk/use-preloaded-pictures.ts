/** Loads the pictures of the alerts that are ready, so that each is there at once when its turn comes. */
import type { Alert } from '@roadwatch/contract/api';
import { useEffect } from 'preact/hooks';
import { evidenceUrl } from '../shared/api/field.ts';

export function usePreloadedPictures(ahead: readonly Alert[]): void {
  const urls = ahead.flatMap(stillUrl).join(' ');
  useEffect(() => {
    const pictures = urls.split(' ').filter(Boolean).map(decoded);
    return () => {
      // Held until the next ones are wanted, so that they stay decoded.
      pictures.length = 0;
    };
  }, [urls]);
}

function stillUrl(alert: Alert): string[] {
  const still = alert.evidence.find(({ kind, available }) => kind === 'still' && available);
  return still === undefined ? [] : [evidenceUrl(still.sha256)];
}

function decoded(url: string): HTMLImageElement {
  const picture = new Image();
  picture.src = url;
  picture.decode().catch(() => {});
  return picture;
}

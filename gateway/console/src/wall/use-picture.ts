/** A picture of the wall: asked for with its token, which an address in the page could not carry. */
import { useEffect, useState } from 'preact/hooks';
import { at } from '../shared/route/base.ts';
import { headersOf } from './use-wall.ts';

const TRY_AGAIN_MS = 5_000;

export interface LoadedPicture {
  /** Null until it has come. */
  readonly url: string | null;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly failed: boolean;
}

const NOT_YET: LoadedPicture = { url: null, width: 0, height: 0, failed: false };

export function usePicture(token: string, sha256: string): LoadedPicture {
  const [picture, setPicture] = useState(NOT_YET);
  useEffect(() => {
    const ending = new AbortController();
    let shown = '';
    let again: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      try {
        const { signal } = ending;
        const answer = await fetch(at(`/api/wall/pictures/${sha256}`), { headers: headersOf(token), signal });
        if (!answer.ok) throw new Error(String(answer.status));
        const url = URL.createObjectURL(await answer.blob());
        const size = await sizeOf(url).catch((error: unknown) => {
          URL.revokeObjectURL(url);
          throw error;
        });
        if (signal.aborted) return URL.revokeObjectURL(url);
        shown = url;
        setPicture({ url, ...size, failed: false });
      } catch {
        if (ending.signal.aborted) return;
        setPicture({ ...NOT_YET, failed: true });
        again = setTimeout(load, TRY_AGAIN_MS);
      }
    };
    setPicture(NOT_YET);
    void load();
    return () => {
      ending.abort();
      clearTimeout(again);
      URL.revokeObjectURL(shown);
    };
  }, [token, sha256]);
  return picture;
}

/** In pixels. Rejects what is no picture. */
async function sizeOf(url: string): Promise<Pick<LoadedPicture, 'width' | 'height'>> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return { width: image.naturalWidth, height: image.naturalHeight };
}

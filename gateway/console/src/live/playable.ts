/** What of the codecs of cameras this browser plays as it is. */
import type { PassedCodec } from '@roadwatch/contract';

/** A profile and level that street cameras have (High 4.0; Main 4.0): a browser that plays these plays the codec. */
const USUAL: Readonly<Record<PassedCodec, string>> = { h264: 'avc1.640028', h265: 'hvc1.1.6.L120.B0' };

export function playableCodecs(): PassedCodec[] {
  return (Object.keys(USUAL) as PassedCodec[]).filter((codec) => isPlayable(USUAL[codec]));
}

/** `codecs`: as RFC 6381 writes them. */
export function isPlayable(codecs: string | undefined): boolean {
  return (
    codecs !== undefined && typeof MediaSource !== 'undefined' && MediaSource.isTypeSupported(mimeOf(codecs))
  );
}

export function mimeOf(codecs: string): string {
  return `video/mp4; codecs="${codecs}"`;
}

/** Live views between agent, gateway and browser: in which form the pictures come, and how those of the second form are framed. */
import { type Static, Type } from 'typebox';

/**
 * `mpeg1`: MPEG-1 in MPEG-TS, which every browser can draw; `fmp4`: the camera's own video in fragmented MP4 (ISO/IEC 14496-12),
 * untouched.
 */
export const LiveFormat = Type.Union([Type.Literal('mpeg1'), Type.Literal('fmp4')]);
export type LiveFormat = Static<typeof LiveFormat>;

/** How an agent shows a camera. */
export const LiveOffer = Type.Object({
  format: LiveFormat,
  codec: Type.Union([Type.Literal('h264'), Type.Literal('h265'), Type.Null()], {
    description: 'of the camera; null: another, or not known',
  }),
  codecs: Type.Optional(
    Type.String({
      pattern: '^(avc1|hvc1)[A-Za-z0-9.]{1,60}$',
      description: 'of fmp4, as RFC 6381 writes it, such as avc1.640028',
    }),
  ),
  masked: Type.Boolean({
    description: 'it has privacy masks, which are painted in: so it is never passed on as it is',
  }),
});
export type LiveOffer = Static<typeof LiveOffer>;

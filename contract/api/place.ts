/** Where something is, and in what. */
import { type Static, Type } from 'typebox';
import { BilingualText } from '../damage-class.ts';
import { Named, OrNull, ofCamera } from './shapes.ts';

const degrees = {
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
};

/** WGS 84, and beside it GCJ-02 for whoever draws it on a Chinese web map. */
export const PositionView = Named('Position', { ...degrees, gcj02: Type.Object(degrees) });
export type PositionView = Static<typeof PositionView>;

export const OfCamera = Type.Object(ofCamera);
export type OfCamera = Static<typeof OfCamera>;

/** In pixels. */
export const FrameSize = Type.Object({
  width: Type.Integer({ minimum: 1 }),
  height: Type.Integer({ minimum: 1 }),
});
export type FrameSize = Static<typeof FrameSize>;

export const CameraName = Type.Unsafe<BilingualText>({
  ...BilingualText,
  description: 'of the camera, as it tells it',
});

export const MaybePosition = OrNull(PositionView);

/** What a camera looks at, as a sector on the ground. */
import type { CameraMarker } from '../markers.ts';

/** How far damage is seen, as a rule: beyond that it is too small in the picture. */
const REACH_METRES = 45;
/** Of a camera that says where it looks, but not how wide: most street cameras see about so much. */
const USUAL_DEGREES = 60;
const METRES_PER_DEGREE = 111_195;
const STEP_DEGREES = 8;

type Point = [longitude: number, latitude: number];

/** A closed ring; null where nobody has said which way the camera looks. */
export function viewingCone(camera: CameraMarker): Point[] | null {
  const { headingDegrees, fieldOfViewDegrees, longitude, latitude } = camera;
  if (headingDegrees === null) return null;
  const width = fieldOfViewDegrees ?? USUAL_DEGREES;
  const steps = Math.max(2, Math.ceil(width / STEP_DEGREES));
  const at = (bearing: number): Point => {
    const angle = (bearing * Math.PI) / 180;
    const north = (REACH_METRES * Math.cos(angle)) / METRES_PER_DEGREE;
    const east =
      (REACH_METRES * Math.sin(angle)) / (METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180));
    return [longitude + east, latitude + north];
  };
  const rim = Array.from({ length: steps + 1 }, (_, step) =>
    at(headingDegrees - width / 2 + (width * step) / steps),
  );
  const tip: Point = [longitude, latitude];
  return [tip, ...rim, tip];
}

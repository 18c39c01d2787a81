/** A camera as its box's configuration would have it, with what counts there now; how the camera is reached the gateway does not know. */
import { yamlText } from '@roadwatch/common';
import type { CameraState } from '@roadwatch/contract';

const ABOUT = ` What counts for this camera, in the form of the agent's configuration file: put it under cameras: in place of
 the entry of the same id. Its address and login are not known here: take them from that entry.`;

export function cameraYaml(state: CameraState): string {
  const {
    camera,
    name,
    position,
    headingDegrees,
    fieldOfViewDegrees,
    road,
    masks,
    minBoxHeight,
    thresholds,
  } = state;
  const entry = {
    ...{ id: camera, name, position, headingDegrees, fieldOfViewDegrees },
    ...{ road, masks, minBoxHeight, thresholds },
  };
  return yamlText([entry], ABOUT);
}

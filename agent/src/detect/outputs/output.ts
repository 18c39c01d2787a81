/** Every kind of model output that the agent can read, by the name that manifests use. */
import type { Manifest } from '@roadwatch/models';
import { endToEndBoxes } from './boxes.ts';
import type { OutputKind } from './output-kind.ts';
import { yolov8 } from './yolov8.ts';
import { yolox } from './yolox.ts';

/** To add an output kind: a file beside this one, a line here, and its name in models/manifest.ts. */
export const OUTPUT_KINDS: Readonly<Record<Manifest['output']['kind'], OutputKind>> = {
  boxes: endToEndBoxes,
  yolox,
  yolov8,
};

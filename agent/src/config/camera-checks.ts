/** What fits the schema and still cannot be meant: polygons without an inside, a road that nobody may see, a place elsewhere. */
import { type NormalizedPolygon, type Position, shapeProblems, toGcj02 } from '@roadwatch/contract';

interface Checked {
  readonly name: { readonly zh: string };
  readonly road?: NormalizedPolygon;
  readonly masks: readonly NormalizedPolygon[];
  readonly position?: Position | undefined;
}

/** One sentence for each thing to mend, beginning with its key. */
export function cameraProblems({ name, road, masks, position }: Checked): readonly string[] {
  const problems = shapeProblems({ road, masks }).map(({ path, en }) => `${path}: ${en}`);
  // Some bytes of GBK are UTF-8 as well, of another script.
  if (/[^ -~]/.test(name.zh) && !/\p{Script=Han}/u.test(name.zh))
    problems.push('name.zh: none of its letters is Chinese; was the file saved in GBK? Save it as UTF-8');
  if (position?.datum === 'gcj02' && isOutsideChina(position))
    problems.push('position.datum: gcj02 is used in China only, and this place is not there; expected wgs84');
  return problems;
}

/** There, the datum shifts nothing. */
function isOutsideChina(position: Position): boolean {
  const { latitude, longitude } = toGcj02(position);
  return latitude === position.latitude && longitude === position.longitude;
}

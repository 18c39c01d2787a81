/**
 * What operators have judged, as a labelled set for the next training: YOLO (`images/`, `labels/`, `classes.txt`) and COCO
 * (`annotations.json`). A confirmed alert is a box; a rejected one is a picture without damage at that place, with its reason.
 */

import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  DAMAGE_CLASSES,
  type DamageClass,
  type Detection,
  type NormalizedBox,
  timestamp,
} from '@roadwatch/contract';
import type { RejectReason } from '@roadwatch/contract/api';
import { viewAlerts } from '../alerts/read/view.ts';
import { NO_CAMERA } from '../cameras/source.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import type { Store } from '../store/database.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import { CSV_START, csvLine } from './csv.ts';

/** True damage that was not to be mended, or has been already: no proof that the model was wrong, so not a negative. */
const UNCLEAR: readonly RejectReason[] = ['repaired_already', 'too_small', 'other'];
const CLASSES = DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => entry.name);
const PAGE = 500;

export interface TrainingSet {
  readonly pictures: number;
  readonly boxes: number;
  /** Judged alerts left out because their full picture is not here. */
  readonly withoutPicture: number;
}

export async function exportTraining(
  store: Store,
  evidence: EvidenceStore,
  folder: string,
): Promise<TrainingSet> {
  for (const name of ['images', 'labels']) await mkdir(join(folder, name), { recursive: true });
  const coco = {
    info: { description: 'Judged alerts of a Roadwatch gateway', date_created: timestamp(store.now()) },
    categories: CLASSES.map((name, index) => ({ id: index + 1, name })),
    images: [] as object[],
    annotations: [] as object[],
  };
  let judgements =
    CSV_START + csvLine(['picture', 'alert', 'state', 'damageClass', 'reason', 'score', 'verdictAt']);
  let withoutPicture = 0;
  for await (const alert of judged(store)) {
    const [view = null] = await viewAlerts(store.db, [alert], { alone: true });
    const still = view?.evidence.find((entry) => entry.kind === 'still' && entry.available);
    const file = still === undefined ? null : await evidence.get(still.sha256);
    if (file === null || view === null || view.frame === null) {
      withoutPicture++;
      continue;
    }
    const { box, frame } = view;
    const picture = `${alert.id}.jpg`;
    await pipeline(file.open(), createWriteStream(join(folder, 'images', picture)));
    const confirmed = alert.state === 'confirmed';
    await writeFile(
      join(folder, 'labels', `${alert.id}.txt`),
      confirmed ? yoloLine(alert.damage_class, box) : '',
    );
    const image = coco.images.push({ id: coco.images.length + 1, file_name: picture, ...frame });
    if (confirmed)
      coco.annotations.push(
        annotation(coco.annotations.length + 1, image, alert.damage_class, { box, frame }),
      );
    judgements += csvLine([
      picture,
      alert.id,
      alert.state,
      alert.damage_class,
      alert.reason,
      alert.score,
      alert.verdict_at === null ? null : timestamp(alert.verdict_at),
    ]);
  }
  await writeFile(join(folder, 'classes.txt'), `${CLASSES.join('\n')}\n`);
  await writeFile(join(folder, 'judgements.csv'), judgements);
  await writeFile(join(folder, 'annotations.json'), JSON.stringify(coco));
  return { pictures: coco.images.length, boxes: coco.annotations.length, withoutPicture };
}

/** What was merged into an alert of its own class is judged with it: other pictures of one thing, each with its own box. */
async function* judged(store: Store): AsyncGenerator<AlertRow> {
  for (let after = ''; ; ) {
    const rows = await store.db
      .selectFrom('alerts')
      .innerJoin('alerts as roots', (join) =>
        join
          .on((on) => on('roots.id', '=', on.fn.coalesce('alerts.root_id', 'alerts.id')))
          .onRef('roots.damage_class', '=', 'alerts.damage_class'),
      )
      .selectAll('alerts')
      .select(['roots.state as judged', 'roots.reason as why', 'roots.verdict_at as judged_at'])
      .where('alerts.id', '>', after)
      // What a person reported has no picture.
      .where('alerts.camera', '!=', NO_CAMERA.camera)
      .where((where) =>
        where.or([
          where('roots.state', '=', 'confirmed'),
          where.and([where('roots.state', '=', 'rejected'), where('roots.reason', 'not in', UNCLEAR)]),
        ]),
      )
      .orderBy('alerts.id')
      .limit(PAGE)
      .execute();
    for (const { judged: state, why: reason, judged_at: verdict_at, ...row } of rows)
      yield { ...row, state, reason, verdict_at };
    if (rows.length < PAGE) return;
    after = (rows.at(-1) as AlertRow).id;
  }
}

/** `class x-centre y-centre width height`, in fractions of the picture. */
function yoloLine(name: DamageClass, [x, y, width, height]: NormalizedBox): string {
  const numbers = [x + width / 2, y + height / 2, width, height].map((value) => value.toFixed(6));
  return `${classIndex(name)} ${numbers.join(' ')}\n`;
}

/** COCO's box is x, y, width and height in pixels. */
function annotation(
  id: number,
  image: number,
  name: DamageClass,
  { box: [x, y, width, height], frame: pixels }: Pick<Detection, 'box' | 'frame'>,
): object {
  const bbox = [x * pixels.width, y * pixels.height, width * pixels.width, height * pixels.height];
  const area = width * pixels.width * height * pixels.height;
  return { id, image_id: image, category_id: classIndex(name) + 1, bbox, area, iscrowd: 0 };
}

function classIndex(name: DamageClass): number {
  return (CLASSES as readonly DamageClass[]).indexOf(name);
}

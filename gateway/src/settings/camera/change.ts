/** Setting something of a camera: from the version that somebody saw, checked as its box will check it. Masks are only ever added. */
import {
  type CameraSettings,
  masksWithout,
  newId,
  shapeProblems,
  type Thresholds,
  timestamp,
  toWgs84,
} from '@roadwatch/contract';
import type { FieldProblem } from '@roadwatch/contract/api';
import { cameraKey } from '../../cameras/names.ts';
import type { CameraOf } from '../../cameras/source.ts';
import { type Actor, authorOf } from '../../identity/actor.ts';
import { Refusal, wrongFields } from '../../refusal.ts';
import type { Store, Tx } from '../../store/database.ts';
import type { CameraSettingsRow } from '../../store/tables/field.ts';
import { NOTHING_SET, newestSettings, settingsIn, settingsVersion } from './versions.ts';

/** Returns the new version, or the newest when nothing is other than in it. Throws Refusal. */
export function changeCameraSettings(
  store: Store,
  of: CameraOf,
  change: { readonly version: number; readonly document: CameraSettings },
  modelThresholds: Thresholds,
  actor: Actor,
): Promise<CameraSettingsRow | undefined> {
  return store.transaction(async (tx) => {
    const head = await presentOf(tx, of, change.version);
    const before = head === undefined ? NOTHING_SET : settingsIn(head);
    const after = inWgs84(change.document);
    const problems = problemsOf(before, after, modelThresholds);
    if (problems.length > 0) throw wrongFields(problems);
    return write(tx, of, { head, before, after, undoOf: null }, actor);
  });
}

/** `to`: the version that is to count again, or 0 for nothing set; the masks of now stay. Throws Refusal. */
export function undoCameraSettings(
  store: Store,
  of: CameraOf,
  { version, to }: { readonly version: number; readonly to: number },
  actor: Actor,
): Promise<CameraSettingsRow | undefined> {
  return store.transaction(async (tx) => {
    const head = await presentOf(tx, of, version);
    const earlier = to === 0 ? NOTHING_SET : await versionOf(tx, of, to);
    const before = head === undefined ? NOTHING_SET : settingsIn(head);
    const after = { ...earlier, masks: before.masks };
    // With masks that came later, an earlier road may be hidden.
    const problems = shapeProblems(after);
    if (problems.length > 0) throw wrongFields(problems);
    return write(tx, of, { head, before, after, undoOf: to }, actor);
  });
}

async function versionOf(tx: Tx, of: CameraOf, version: number): Promise<CameraSettings> {
  const row = await settingsVersion(tx.db, of, version);
  if (row === undefined)
    throw new Refusal('settings_version_unknown', `there is no version ${version} of ${cameraKey(of)}`);
  return settingsIn(row);
}

async function presentOf(tx: Tx, of: CameraOf, seen: number): Promise<CameraSettingsRow | undefined> {
  const head = await newestSettings(tx.db, of);
  const newest = Number(head?.version ?? 0);
  if (newest === seen) return head;
  const made =
    head === undefined ? '' : `${head.author} made version ${newest} at ${timestamp(Number(head.at))}; `;
  throw new Refusal('settings_changed', `${made}version ${seen} is not the newest`);
}

/** What comes in GCJ-02 is converted on arrival. */
function inWgs84(document: CameraSettings): CameraSettings {
  return document.position === null ? document : { ...document, position: toWgs84(document.position) };
}

function problemsOf(before: CameraSettings, after: CameraSettings, own: Thresholds): readonly FieldProblem[] {
  const problems: FieldProblem[] = [...shapeProblems(after)];
  const gone = masksWithout(before.masks, after.masks).length;
  if (gone > 0)
    problems.push({
      path: 'masks',
      en: `${gone} that were there are gone; a mask is taken away in the configuration of the box, and nowhere else`,
      zh: `缺少 ${gone} 个已有遮罩；隐私遮罩只能在设备配置中移除`,
    });
  for (const [name, wanted] of Object.entries(after.thresholds)) {
    const least = own[name as keyof Thresholds];
    if (least !== undefined && wanted < least)
      problems.push({
        path: `thresholds.${name}`,
        en: `is ${wanted}; expected ${least}, the model's own, or more`,
        zh: `为 ${wanted}，不得低于模型自身的 ${least}`,
      });
  }
  return problems;
}

interface Written {
  readonly head: CameraSettingsRow | undefined;
  readonly before: CameraSettings;
  readonly after: CameraSettings;
  readonly undoOf: number | null;
}

async function write(
  tx: Tx,
  { site, agent, camera }: CameraOf,
  { head, before, after, undoOf }: Written,
  actor: Actor,
): Promise<CameraSettingsRow | undefined> {
  if (JSON.stringify(before) === JSON.stringify(after)) return head;
  const version = Number(head?.version ?? 0) + 1;
  const row: CameraSettingsRow = {
    ...{ id: newId(), site, agent, camera, version, at: tx.at, author: actor.name, undo_of: undoOf },
    ...{ document: JSON.stringify(after), outcome: null, answered_at: null, code: null, reason: null },
  };
  await tx.db.insertInto('camera_settings').values(row).execute();
  tx.audit({
    ...authorOf(actor),
    action: undoOf === null ? 'camera.settings_changed' : 'camera.settings_undone',
    subject: `camera:${site}/${agent}/${camera}`,
    before: { version: version - 1, ...before },
    after: { version, ...(undoOf === null ? {} : { undoOf }), ...after },
  });
  tx.changed({ kind: 'camera', subject: `${site}/${agent}/${camera}`, data: { settings: version } });
  return row;
}

/** Setting something of a box as a whole: from the version that somebody saw, checked as far as it can be without the box. */
import { type BoxSettings, boxSettingsProblems, newId, timestamp } from '@roadwatch/contract';
import { type AgentName, formatAgentName } from '../../cameras/source.ts';
import { type Actor, authorOf } from '../../identity/actor.ts';
import { Refusal, wrongFields } from '../../refusal.ts';
import type { Store, Tx } from '../../store/database.ts';
import type { BoxSettingsRow } from '../../store/tables/field.ts';
import { differencesOf } from '../difference.ts';
import { boxSettingsIn, boxSettingsVersion, newestBoxSettings } from './versions.ts';

/** Nothing is written when it is as in the newest version. Throws Refusal. */
export function changeBoxSettings(
  store: Store,
  of: AgentName,
  { version, document }: { readonly version: number; readonly document: unknown },
  actor: Actor,
): Promise<void> {
  return store.transaction(async (tx) => {
    const head = await presentOf(tx, of, version);
    const problems = boxSettingsProblems(document);
    if (problems.length > 0) throw wrongFields(problems);
    await write(tx, of, { head, after: document as BoxSettings, undoOf: null }, actor);
  });
}

/** `to`: the version that is to count again, or 0 for nothing set. Throws Refusal. */
export function undoBoxSettings(
  store: Store,
  of: AgentName,
  { version, to }: { readonly version: number; readonly to: number },
  actor: Actor,
): Promise<void> {
  return store.transaction(async (tx) => {
    const head = await presentOf(tx, of, version);
    const after = to === 0 ? {} : await versionOf(tx, of, to);
    await write(tx, of, { head, after, undoOf: to }, actor);
  });
}

/** The newest is to be sent again, as after the box has refused it. Throws Refusal. */
export function sendBoxSettingsAgain(store: Store, of: AgentName, actor: Actor): Promise<void> {
  return store.transaction(async (tx) => {
    const head = await newestBoxSettings(tx.db, of);
    if (head === undefined)
      throw new Refusal('box_settings_unset', `nothing was ever set of ${formatAgentName(of)}`);
    await tx.db
      .updateTable('box_settings')
      .set({ outcome: null, answered_at: null, code: null, reason: null, problems: null })
      .where('id', '=', head.id)
      .execute();
    tx.audit({
      ...authorOf(actor),
      action: 'agent.settings_sent',
      subject: `agent:${formatAgentName(of)}`,
      after: { version: Number(head.version) },
    });
  });
}

async function versionOf(tx: Tx, of: AgentName, version: number): Promise<BoxSettings> {
  const row = await boxSettingsVersion(tx.db, of, version);
  if (row === undefined)
    throw new Refusal('settings_version_unknown', `there is no version ${version} of ${formatAgentName(of)}`);
  return boxSettingsIn(row);
}

async function presentOf(tx: Tx, of: AgentName, seen: number): Promise<BoxSettingsRow | undefined> {
  const head = await newestBoxSettings(tx.db, of);
  const newest = Number(head?.version ?? 0);
  if (newest === seen) return head;
  const made =
    head === undefined ? '' : `${head.author} made version ${newest} at ${timestamp(Number(head.at))}; `;
  throw new Refusal('settings_changed', `${made}version ${seen} is not the newest`);
}

interface Written {
  readonly head: BoxSettingsRow | undefined;
  readonly after: BoxSettings;
  readonly undoOf: number | null;
}

async function write(
  tx: Tx,
  { site, agent }: AgentName,
  { head, after, undoOf }: Written,
  actor: Actor,
): Promise<void> {
  const before = head === undefined ? {} : boxSettingsIn(head);
  const differences = differencesOf(before, after);
  // One that was refused may be sent anew as it is.
  if (differences.changes.length === 0 && head?.outcome !== 'refused') return;
  const version = Number(head?.version ?? 0) + 1;
  await tx.db
    .updateTable('box_settings')
    .set({ outcome: 'superseded' })
    .where((where) => where.and({ site, agent }))
    .where((where) => where.or([where('outcome', 'is', null), where('outcome', '=', 'trial')]))
    .execute();
  const row: BoxSettingsRow = {
    ...{ id: newId(), site, agent, version, at: tx.at, author: actor.name, undo_of: undoOf },
    ...{ document: JSON.stringify(after), outcome: null, answered_at: null },
    ...{ code: null, reason: null, problems: null },
  };
  await tx.db.insertInto('box_settings').values(row).execute();
  tx.audit({
    ...authorOf(actor),
    action: undoOf === null ? 'agent.settings_changed' : 'agent.settings_undone',
    subject: `agent:${site}/${agent}`,
    after: { version, ...(undoOf === null ? {} : { undoOf }), ...differences },
  });
  tx.changed({ kind: 'agent', subject: `${site}/${agent}`, data: { settings: version } });
}

/** Changing the city's settings: by a document made from the version that somebody saw, or by putting an earlier one back. */
import { timestamp } from '@roadwatch/contract';
import type { NewOperations, NewUnits, Sent } from '@roadwatch/contract/api';
import type { Config } from '../config/config.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { saveUnits } from '../orders/units.ts';
import { Refusal, wrongFields } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { SettingsVersionRow } from '../store/tables/settings.ts';
import { problemsOf } from './checks.ts';
import { differencesOf } from './difference.ts';
import { type Documents, parseDocument, type SettingsSection } from './documents.ts';
import { storedOperations } from './operations.ts';
import { checkUnits } from './units/checks.ts';
import { storedUnits } from './units/sent.ts';
import { addVersion, newestOf, versionOf } from './versions.ts';

type File = Pick<Config, 'oidc' | 'smtp'>;

/** Of people, not for a record that is kept for ever; secrets are names of secrets already. */
const MASKED: ReadonlySet<string> = new Set(['secret', 'telephone', 'email']);

export interface Change<Section extends SettingsSection> {
  /** That they saw. */
  readonly version: number;
  readonly document: Sent<Section>;
}

/** A document that changes nothing makes no version. Throws Refusal, also when somebody else was faster. */
export async function changeSettings<Section extends SettingsSection>(
  store: Store,
  file: File,
  section: Section,
  { version, document }: Change<Section>,
  actor: Actor,
): Promise<void> {
  await store.transaction(async (tx) => {
    const head = await presentOf(tx, section, version);
    const after = await storedOf(tx, section, head, document);
    await write(tx, file, section, { head, after, undoOf: null }, actor);
  });
}

/** `to`: the version that is to count again. Throws Refusal. */
export async function undoSettings(
  store: Store,
  file: File,
  section: SettingsSection,
  { version, to }: { readonly version: number; readonly to: number },
  actor: Actor,
): Promise<void> {
  await store.transaction(async (tx) => {
    const head = await presentOf(tx, section, version);
    const { document } = await versionOf(tx.db, section, to);
    const after = parseDocument(section, document);
    await write(tx, file, section, { head, after, undoOf: to }, actor);
  });
}

async function storedOf<Section extends SettingsSection>(
  tx: Tx,
  section: Section,
  head: SettingsVersionRow,
  document: Sent<Section>,
): Promise<Documents[Section]> {
  const stored =
    section === 'units'
      ? await storedUnits(tx, parseDocument('units', head.document), document as NewUnits)
      : section === 'operations'
        ? await storedOperations(tx, parseDocument('operations', head.document), document as NewOperations)
        : document;
  return stored as Documents[Section];
}

async function presentOf(tx: Tx, section: SettingsSection, seen: number): Promise<SettingsVersionRow> {
  const head = await newestOf(tx.db, section);
  if (head.version !== seen)
    throw new Refusal(
      'settings_changed',
      `${head.author} made version ${head.version} at ${timestamp(head.at)}; version ${seen} is not the newest`,
    );
  return head;
}

async function write<Section extends SettingsSection>(
  tx: Tx,
  file: File,
  section: Section,
  {
    head,
    after,
    undoOf,
  }: {
    readonly head: SettingsVersionRow;
    readonly after: Documents[Section];
    readonly undoOf: number | null;
  },
  actor: Actor,
): Promise<void> {
  const before = parseDocument(section, head.document);
  if (differencesOf(before, after).changes.length === 0) return;
  if (section === 'units') {
    const { units } = after as Documents['units'];
    await checkUnits(tx, (before as Documents['units']).units, units, file);
    await saveUnits(tx, units);
  } else if (section !== 'operations') {
    const problems = problemsOf(section, after as Documents[Exclude<Section, 'units' | 'operations'>]);
    if (problems.length > 0) throw wrongFields(problems);
  }
  const version = head.version + 1;
  await addVersion(tx, {
    section,
    version,
    author: actor.name,
    undo_of: undoOf,
    document: JSON.stringify(after),
  });
  tx.audit({
    ...authorOf(actor),
    action: undoOf === null ? 'settings.changed' : 'settings.undone',
    subject: `settings:${section}`,
    before: { version: head.version },
    after: { version, ...(undoOf === null ? {} : { undoOf }), ...differencesOf(before, after, MASKED) },
  });
  tx.changed({ kind: 'settings', subject: section, data: { version } });
}

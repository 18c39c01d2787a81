/** The city's settings as an admin sees them: the newest of a section, and every version with what it changed. */
import { timestamp } from '@roadwatch/contract';
import type { SettingsVersion, SettingsView } from '@roadwatch/contract/api';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import type { SettingsVersionRow } from '../store/tables/settings.ts';
import { differencesOf } from './difference.ts';
import {
  type Documents,
  parseDocument,
  type SettingsSection,
  secretsIn,
  withoutSecrets,
} from './documents.ts';
import { openSecret, secretRows } from './secrets.ts';
import { newestOf, versionsBefore } from './versions.ts';

/** Names of secrets say nothing to people. */
const SECRETS: ReadonlySet<string> = new Set(['secret']);

export async function settingsView<Section extends SettingsSection>(
  store: Store,
  section: Section,
): Promise<SettingsView<Section>> {
  const row = await newestOf(store.db, section);
  const document = await shown(store, section, parseDocument(section, row.document));
  return { ...madeOf(row), document: document as unknown as SettingsView<Section>['document'] };
}

/** `after`: what `next` of the page before said. Throws Refusal. */
export async function settingsHistory(
  store: Store,
  section: SettingsSection,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<{ readonly items: readonly SettingsVersion[]; readonly next: string | null }> {
  if (after !== undefined && !/^\d{1,15}$/.test(after))
    throw new Refusal('page_key_invalid', 'after: not a value that `next` gave');
  // One more than is asked for: what the oldest of them changed is seen by the one before it.
  const rows = await versionsBefore(store.db, section, after === undefined ? null : Number(after), limit + 1);
  const items = rows.slice(0, limit).map((row, index) => {
    const before = rows[index + 1];
    const changes = differencesOf(
      parseDocument(section, (before ?? row).document),
      parseDocument(section, row.document),
      SECRETS,
    );
    return {
      ...madeOf(row),
      undoOf: row.undo_of,
      ...changes,
    };
  });
  return { items, next: rows.length > limit ? String(items.at(-1)?.version) : null };
}

function madeOf({ version, at, author }: SettingsVersionRow) {
  return { version, at: timestamp(at), by: author };
}

async function shown<Section extends SettingsSection>(
  store: Store,
  section: Section,
  document: Documents[Section],
): Promise<object> {
  const named = secretsIn({
    units: { units: [] },
    operations: { webhook: null },
    [section]: document,
  });
  const rows = await secretRows(store.db, named);
  return withoutSecrets(section, document, ({ secret }) => {
    const row = rows.get(secret);
    return row !== undefined && openSecret(row, store.auditKeys) !== null;
  });
}

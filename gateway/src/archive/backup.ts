/**
 * A backup is a folder: every row of the store as one JSON text a line, from one moment, and every piece of evidence under its
 * SHA-256. Its last line has a digest of the others, sealed with the key of the audit. It belongs to no kind of store, so that what was saved from SQLite can be restored into PostgreSQL.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { type EvidenceStore, folderEvidenceStore } from '../evidence/store.ts';
import { macOf } from '../store/audit/key-ring.ts';
import type { Store } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import { LineWriter } from './line-writer.ts';

export const FORMAT = 'roadwatch-backup/2';
export const STORE_FILE = 'store.jsonl.gz';
export const EVIDENCE_FOLDER = 'evidence';
/**
 * Sessions and pairing codes are left out: whoever has a copy of a backup must not get in by it; and so is what belongs to the store itself
 * rather than to what is in it. Of a file that is not whole yet the agent has all, and sends it again;
 * answers are kept for repeats of the same day, and leases of alerts for a minute. Figures are counted again. Whoever has made a
 * release has it, and uploads it again.
 */
const TABLES = {
  counters: ['name'],
  agents: ['site', 'agent'],
  agent_contacts: ['site', 'agent'],
  agent_keys: ['key_id'],
  agent_certificates: ['serial'],
  cameras: ['site', 'agent', 'camera'],
  asked_pictures: ['site', 'agent', 'camera'],
  good_pictures: ['site', 'agent', 'camera'],
  incidents: ['id'],
  operations_calls: ['event'],
  camera_history: ['site', 'agent', 'camera', 'at'],
  agent_history: ['site', 'agent', 'at'],
  box_settings: ['id'],
  camera_settings: ['id'],
  units: ['id'],
  users: ['id'],
  second_factors: ['user_id'],
  api_tokens: ['id'],
  detections: ['id'],
  detection_messages: ['detection_id', 'revision'],
  detection_evidence: ['detection_id', 'name'],
  evidence: ['sha256'],
  evidence_deletions: ['sha256'],
  refused_messages: ['sha256', 'topic'],
  alerts: ['id'],
  alert_cells: ['cell'],
  citizen_reports: ['alert_id'],
  tickets: ['id'],
  assignments: ['id'],
  clocks: ['id'],
  clock_log: ['id'],
  notices: ['id'],
  dispatch_outbox: ['id'],
  remote_requests: ['assignment_id'],
  unit_messages: ['unit_id', 'message_id'],
  crew_links: ['token_hash'],
  ticket_photos: ['id'],
  inspections: ['id'],
  scene_looks: ['id'],
  scene_hints: ['id'],
  ticket_extensions: ['id'],
  settings_versions: ['section', 'version'],
  settings_secrets: ['id'],
  settings_areas: ['sha256'],
  audit_log: ['seq'],
  audit_keys: ['from_seq'],
  changes: ['seq'],
} as const satisfies Readonly<
  Record<
    Exclude<
      keyof Tables,
      | 'sessions'
      | 'known_browsers'
      | 'agent_pairings'
      | 'alert_leases'
      | 'evidence_parts'
      | 'figure_days'
      | 'figure_cells'
      | 'figure_marks'
      | 'releases'
      | 'release_files'
      | 'rollouts'
      | 'rollout_agents'
      | 'kept_answers'
      | 'store_shapes'
    >,
    readonly string[]
  >
>;

export type ArchivedTable = keyof typeof TABLES;
export const ARCHIVED_TABLES = Object.keys(TABLES) as ArchivedTable[];
const PAGE = 1000;

export interface Archived {
  readonly rows: number;
  readonly evidence: number;
}

/**
 * Evidence that an earlier backup in the same folder has already is not copied again. The gateway may run meanwhile. `onProgress`: what it
 * throws ends the backup.
 */
export async function backUp(
  store: Store,
  evidence: EvidenceStore,
  folder: string,
  onProgress: (saved: Archived) => void = () => {},
): Promise<Archived> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `.${STORE_FILE}.part`);
  const writer = new LineWriter(temporary);
  try {
    const { rows, names } = await writeRows(store, writer, (written) =>
      onProgress({ rows: written, evidence: 0 }),
    );
    // Evidence is stored before the row that names it, so what the rows name is there unless it was deleted meanwhile.
    const copies = folderEvidenceStore(join(folder, EVIDENCE_FOLDER));
    const absent: string[] = [];
    let copied = 0;
    for (const name of names) {
      const source = await evidence.get(name);
      if (source === null) {
        absent.push(name);
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of source.open()) chunks.push(chunk as Buffer);
      await copies.put(name, Buffer.concat(chunks));
      copied += 1;
      onProgress({ rows, evidence: copied });
    }
    const digest = writer.digest();
    const key = store.auditKeys.keys.at(-1);
    const seal = key === undefined ? {} : { key: key.id, seal: macOf(key, sealedText(digest, absent)) };
    await writer.write({ end: rows, absent, sha256: digest, ...seal });
    await writer.end();
    await rename(temporary, join(folder, STORE_FILE));
    return { rows, evidence: names.length - absent.length };
  } catch (error) {
    await writer.abandon();
    await rm(temporary, { force: true });
    throw error;
  }
}

/** What the seal of a backup is made of: nobody without the key can alter a row, or hide that a picture is missing. */
export function sealedText(sha256: string, absent: readonly string[]): string {
  return JSON.stringify([FORMAT, sha256, absent]);
}

type Row = Readonly<Record<string, unknown>>;

/** Rows in the order of the key, after the given one. */
async function readPage(
  db: Kysely<Tables>,
  table: ArchivedTable,
  after: Row | null,
): Promise<readonly Row[]> {
  const columns = TABLES[table];
  const key = sql.join(columns.map((column) => sql.ref(column)));
  const beyond =
    after === null ? sql`` : sql`where (${key}) > (${sql.join(columns.map((column) => after[column]))})`;
  const query = sql<Row>`select * from ${sql.table(table)} ${beyond} order by ${key} limit ${PAGE}`;
  return (await query.execute(db)).rows;
}

async function writeRows(
  store: Store,
  writer: LineWriter,
  onRows: (written: number) => void,
): Promise<{ rows: number; names: string[] }> {
  const names: string[] = [];
  let rows = 0;
  await store.snapshot(async (db) => {
    await writer.write({ format: FORMAT, at: new Date(store.now()).toISOString() });
    for (const table of ARCHIVED_TABLES) {
      for (let page = await readPage(db, table, null); page.length > 0; ) {
        for (const row of page) {
          await writer.write({ table, row });
          if (table === 'evidence') names.push(row.sha256 as string);
        }
        rows += page.length;
        onRows(rows);
        page = await readPage(db, table, page.at(-1) as Row);
      }
    }
  });
  return { rows, names };
}

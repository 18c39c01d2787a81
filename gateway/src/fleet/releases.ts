/** Releases that were uploaded: in the store what they are, in the evidence store their files, each under its SHA-256. */
import { type Release, releaseBytes, timestamp } from '@roadwatch/contract';
import type { ReleaseDetail, ReleaseView } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import type { EvidenceStore } from '../evidence/store.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import type { ReleaseFileRow, ReleaseRow } from '../store/tables/fleet.ts';
import type { Tables } from '../store/tables/index.ts';
import type { CheckedRelease } from './check-upload.ts';

/** A release is shown while it may be handed out, and as many as these after that. */
const MAX_LISTED = 200;

/** Throws Refusal when there is one of this name and version. */
export async function keepRelease(
  { store, evidence }: { readonly store: Store; readonly evidence: EvidenceStore },
  { id, release, text, signature, card, files }: CheckedRelease,
  actor: Actor,
): Promise<string> {
  await mustBeNew(store.db, release);
  // The files first: what the store names is there.
  for (const file of release.files) await evidence.put(file.sha256, files.get(file.name) as Uint8Array);
  const { kind, name, version } = release;
  await store.transaction(async (tx) => {
    await mustBeNew(tx.db, release);
    const row: ReleaseRow = {
      ...{ id, kind, name, version, text, card },
      signature: signature === null ? null : JSON.stringify(signature),
      bytes: releaseBytes(release),
      uploaded_at: tx.at,
      uploaded_by: actor.name,
      withdrawn_at: null,
    };
    await tx.db.insertInto('releases').values(row).execute();
    await tx.db
      .insertInto('release_files')
      .values(release.files.map((file): ReleaseFileRow => ({ release_id: id, ...file })))
      .execute();
    const after = { kind, name, version, signedBy: signature?.key ?? null, bytes: row.bytes };
    tx.audit({ ...authorOf(actor), action: 'release.uploaded', subject: `release:${id}`, after });
    tx.changed({ kind: 'fleet', subject: id, data: {} });
  });
  return id;
}

/** It is handed out to no further box. Those that use it go on. Throws Refusal. */
export async function withdrawRelease(store: Store, id: string, actor: Actor): Promise<void> {
  await store.transaction(async (tx) => {
    const row = await releaseRow(tx.db, id);
    if (row.withdrawn_at !== null) throw new Refusal('release_withdrawn', 'the release is withdrawn already');
    await tx.db.updateTable('releases').set({ withdrawn_at: tx.at }).where('id', '=', id).execute();
    tx.audit({ ...authorOf(actor), action: 'release.withdrawn', subject: `release:${id}` });
    tx.changed({ kind: 'fleet', subject: id, data: {} });
  });
}

/** The newest first. */
export async function listReleases(db: Kysely<Tables>): Promise<ReleaseView[]> {
  const rows = await db.selectFrom('releases').selectAll().orderBy('id', 'desc').limit(MAX_LISTED).execute();
  return rows.map(viewOf);
}

export async function releaseDetail(db: Kysely<Tables>, id: string): Promise<ReleaseDetail> {
  const row = await releaseRow(db, id);
  return { ...viewOf(row), card: row.card };
}

export async function releaseRow(db: Kysely<Tables>, id: string): Promise<ReleaseRow> {
  const row = await db.selectFrom('releases').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Refusal('release_unknown', `there is no release ${id}`);
  return row;
}

/** Whether a release that may be handed out has this file. */
export async function isReleaseFile(db: Kysely<Tables>, sha256: string): Promise<boolean> {
  const row = await db
    .selectFrom('release_files')
    .innerJoin('releases', 'releases.id', 'release_files.release_id')
    .select('releases.id')
    .where('release_files.sha256', '=', sha256)
    .where('releases.withdrawn_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function mustBeNew(db: Kysely<Tables>, { kind, name, version }: Release): Promise<void> {
  const row = await db
    .selectFrom('releases')
    .select('id')
    .where('kind', '=', kind)
    .where('name', '=', name)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row !== undefined)
    throw new Refusal(
      'release_there',
      `${name} ${version}: is there already; a change needs another version`,
    );
}

function viewOf(row: ReleaseRow): ReleaseView {
  const { id, kind, name, version, bytes, signature, uploaded_at, uploaded_by, withdrawn_at, text } = row;
  const { files } = JSON.parse(text) as Release;
  return {
    ...{ id, kind, name, version, bytes },
    signedBy: signature === null ? null : (JSON.parse(signature) as { key: string }).key,
    uploadedAt: timestamp(uploaded_at),
    uploadedBy: uploaded_by,
    withdrawnAt: withdrawn_at === null ? null : timestamp(withdrawn_at),
    files: files.map(({ name: file, bytes: size, sha256 }) => ({ name: file, bytes: size, sha256 })),
  };
}

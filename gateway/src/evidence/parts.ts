/**
 * Files on their way in parts, kept until they are whole. A part may come twice, and parts may overlap; of what an agent has begun
 * and not finished, the oldest makes room for the newest, and the agent begins it anew.
 */
import { type EvidencePart, MAX_EVIDENCE_BYTES, sha256 } from '@roadwatch/contract';
import type { Kysely } from 'kysely';
import type { Tx } from '../store/database.ts';
import type { EvidencePartRow } from '../store/tables/field.ts';
import type { Tables } from '../store/tables/index.ts';

/** Files that an agent has begun: so many bytes at most when they are whole ... */
const MAX_BEGUN_BYTES = 4 * MAX_EVIDENCE_BYTES;
/** ... where each counts for so many at least, so that there are not many of them either, however small. */
const LEAST_BEGUN_BYTES = 64 * 1024;
/** Parts of a file overlap when the line has changed; together they may be so much larger than the file. */
const MAX_OVERLAP = 2;
const SPARE_BYTES = 128 * 1024;
/** A file of which nothing has come for so long is not finished any more. */
const KEPT_MS = 7 * 86_400_000;

interface Sender {
  readonly site: string;
  readonly agent: string;
}
/** A file as its parts name it. */
export type FileName = Sender & Pick<EvidencePart, 'sha256'>;

/** Null when the part is kept, or is of a file that is here already; otherwise why the file must begin anew. */
export async function storePart(
  tx: Tx,
  agent: Sender,
  { sha256: name, start, total }: EvidencePart,
  payload: Uint8Array,
): Promise<string | null> {
  const file = { site: agent.site, agent: agent.agent, sha256: name };
  if (await isStored(tx.db, name)) return null;
  const before = await partsOf(tx.db, file)
    .select('total')
    .select((select) => select.fn.sum<number>('bytes').as('bytes'))
    .groupBy('total')
    .executeTakeFirst();
  if (before === undefined) await makeRoom(tx, agent, total);
  else if (Number(before.total) !== total) {
    await forgetParts(tx, file);
    return `the file has ${total} bytes by this part, and ${before.total} by another`;
  } else if (Number(before.bytes) + payload.length > MAX_OVERLAP * total + SPARE_BYTES) {
    await forgetParts(tx, file);
    return `the parts have more than ${MAX_OVERLAP} times the bytes of their file`;
  }
  const row = { bytes: payload.length, total, at: tx.at, payload: Buffer.from(payload).toString('base64') };
  await tx.db
    .insertInto('evidence_parts')
    .values({ ...file, start, ...row })
    .onConflict((conflict) =>
      conflict
        .columns(['site', 'agent', 'sha256', 'start'])
        .doUpdateSet(row)
        .where('evidence_parts.bytes', '<', payload.length),
    )
    .execute();
  return null;
}

/** The whole file, `'stored'` when it was here before, `'spoilt'` when its parts make another one; null while some are missing. */
export async function assemble(
  db: Kysely<Tables>,
  file: FileName,
): Promise<Buffer | 'stored' | 'spoilt' | null> {
  if (await isStored(db, file.sha256)) return 'stored';
  const ranges = partsOf(db, file).select(['start', 'bytes', 'total']).orderBy('start');
  if (!isWhole(await ranges.execute())) return null;
  const parts = await ranges.select('payload').execute();
  // Another gateway may have finished the file meanwhile, and forgotten its parts.
  if (!isWhole(parts)) return null;
  const whole = Buffer.alloc(parts[0]?.total ?? 0);
  for (const { start, payload } of parts) Buffer.from(payload, 'base64').copy(whole, start);
  return sha256(whole) === file.sha256 ? whole : 'spoilt';
}

/** How many bytes of a file are here from its beginning on. */
export async function reachOf(db: Kysely<Tables>, file: FileName): Promise<number> {
  return reach(await partsOf(db, file).select(['start', 'bytes']).orderBy('start').execute());
}

/** `parts`: in the order of their places. */
function isWhole(parts: readonly Pick<EvidencePartRow, 'start' | 'bytes' | 'total'>[]): boolean {
  return parts[0] !== undefined && reach(parts) >= parts[0].total;
}

function reach(parts: readonly Pick<EvidencePartRow, 'start' | 'bytes'>[]): number {
  let end = 0;
  for (const { start, bytes } of parts) {
    if (start > end) break;
    end = Math.max(end, start + bytes);
  }
  return end;
}

export async function forgetParts(tx: Tx, { site, agent, sha256: name }: FileName): Promise<void> {
  await tx.db
    .deleteFrom('evidence_parts')
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where('sha256', '=', name)
    .execute();
}

/** Parts whose file has not become whole in time. */
export async function purgeParts(tx: Tx): Promise<void> {
  await tx.db
    .deleteFrom('evidence_parts')
    .where('at', '<', tx.at - KEPT_MS)
    .execute();
}

function partsOf(db: Kysely<Tables>, { site, agent, sha256: name }: FileName) {
  return db
    .selectFrom('evidence_parts')
    .where('site', '=', site)
    .where('agent', '=', agent)
    .where('sha256', '=', name);
}

async function isStored(db: Kysely<Tables>, name: string): Promise<boolean> {
  const row = await db.selectFrom('evidence').select('sha256').where('sha256', '=', name).executeTakeFirst();
  return row !== undefined;
}

/** A file that begins takes its whole size at once. */
async function makeRoom(tx: Tx, { site, agent }: Sender, total: number): Promise<void> {
  const begun = await tx.db
    .selectFrom('evidence_parts')
    .select(['sha256'])
    .select((select) => [select.fn.max('total').as('total'), select.fn.max('at').as('at')])
    .where('site', '=', site)
    .where('agent', '=', agent)
    .groupBy('sha256')
    .execute();
  const sizeOf = (whole: number) => Math.max(whole, LEAST_BEGUN_BYTES);
  let bytes = begun.reduce((sum, file) => sum + sizeOf(Number(file.total)), sizeOf(total));
  for (const file of begun.sort((a, b) => Number(a.at) - Number(b.at))) {
    if (bytes <= MAX_BEGUN_BYTES) return;
    await forgetParts(tx, { site, agent, sha256: file.sha256 });
    bytes -= sizeOf(Number(file.total));
  }
}

/**
 * Proves long afterwards that what the store says of a detection, and the pictures of it, are what the box signed. Whoever can write
 * into the store cannot make this succeed: the signatures are the boxes', and that a key is a box's is signed by the authority.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { type Detection, keyIdOf, parseDetection, sha256 } from '@roadwatch/contract';
import type { Kysely, Selectable } from 'kysely';
import { publicKeyOf } from '../agents/keys.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import { isSigned } from '../ingest/signatures.ts';
import type { Authority } from '../pki/authority.ts';
import type { AgentKeyRow } from '../store/tables/field.ts';
import type { Tables } from '../store/tables/index.ts';
import { compareEvidence, compareRow } from './compare.ts';

export interface Proof {
  readonly detection: string;
  readonly camera: string;
  /** Who signed the latest message: `SITE/AGENT`; null when it is not signed. */
  readonly signedBy: string | null;
  readonly keyId: string | null;
  /** Pictures and clips of which every byte is as it was signed. */
  readonly proven: readonly string[];
  /** Those whose bytes are not here: not yet, or no longer. */
  readonly missing: readonly string[];
  /** What is not as it was signed; empty when nothing was altered. */
  readonly problems: readonly string[];
}

type Message = Selectable<Tables['detection_messages']>;

/** Of an alert, of all detections that were merged into it; of a detection, of itself. Empty when there is neither. */
export async function proveDetections(
  db: Kysely<Tables>,
  evidence: EvidenceStore,
  authority: Authority,
  id: string,
): Promise<Proof[]> {
  const found = await db
    .selectFrom('detections')
    .leftJoin('alerts', 'alerts.id', 'detections.alert_id')
    .select('detections.id')
    .where((where) =>
      where.or([
        where('detections.id', '=', id),
        where('detections.alert_id', '=', id),
        where('alerts.root_id', '=', id),
      ]),
    )
    .orderBy('detections.id')
    .execute();
  const proofs: Proof[] = [];
  for (const row of found) proofs.push(await prove(db, evidence, authority, row.id));
  return proofs;
}

async function prove(
  db: Kysely<Tables>,
  evidence: EvidenceStore,
  authority: Authority,
  id: string,
): Promise<Proof> {
  const row = await db.selectFrom('detections').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const messages = await db
    .selectFrom('detection_messages')
    .selectAll()
    .where('detection_id', '=', id)
    .orderBy('revision')
    .execute();
  const problems: string[] = [];
  const keys = await keysOf(db, messages);
  const read = messages.flatMap((message) => {
    const detection = checkMessage(message, keys, authority, problems);
    return detection === null ? [] : [{ message, detection }];
  });
  const newest = read.at(-1);
  if (newest === undefined) problems.push('no message of it can be read');
  else problems.push(...compareRow(row, newest.detection, newest.message.revision));
  const alert =
    row.alert_id === null
      ? undefined
      : await db.selectFrom('alerts').selectAll().where('id', '=', row.alert_id).executeTakeFirst();
  if (
    alert !== undefined &&
    !(alert.site === row.site && alert.agent === row.agent && alert.camera === row.camera)
  )
    problems.push(`alert ${alert.id}: is of another camera`);
  const named = await db
    .selectFrom('detection_evidence')
    .selectAll()
    .where('detection_id', '=', id)
    .execute();
  // What an unsigned message says of pictures counts only where nothing is signed.
  const signed = newest?.detection.signature === undefined ? read : read.filter(isSignedMessage);
  problems.push(
    ...compareEvidence(
      named,
      signed.map(({ detection }) => detection),
    ),
  );
  const [proven, missing]: [string[], string[]] = [[], []];
  for (const { name, sha256: hash } of named) {
    const actual = await hashOf(evidence, hash);
    if (actual === null) missing.push(name);
    else if (actual === hash) proven.push(name);
    else problems.push(`${name}: its bytes were altered`);
  }
  const keyId = newest?.message.key_id ?? null;
  const key = keyId === null ? undefined : keys.get(keyId);
  return {
    detection: id,
    camera: `${row.site}/${row.agent}/${row.camera}`,
    signedBy: key === undefined ? null : `${key.site}/${key.agent}`,
    keyId,
    proven,
    missing,
    problems,
  };
}

function isSignedMessage({ detection }: { readonly detection: Detection }): boolean {
  return detection.signature !== undefined;
}

function checkMessage(
  { payload, revision, sha256: hash, key_id, detection_id }: Message,
  keys: ReadonlyMap<string, AgentKeyRow>,
  authority: Authority,
  problems: string[],
): Detection | null {
  const wrong = (what: string): void => void problems.push(`message ${revision}: ${what}`);
  if (sha256(payload) !== hash) wrong('its text was altered');
  const parsed = parseDetection(Buffer.from(payload));
  if (!parsed.ok) {
    wrong(`cannot be read: ${parsed.reason}`);
    return null;
  }
  const { value } = parsed;
  if (value.id !== detection_id || value.revision !== Number(revision)) wrong('is that of another detection');
  if ((value.signature?.key ?? null) !== key_id) wrong('its signature was taken off or put on');
  if (value.signature === undefined) return value;
  const key = keys.get(value.signature.key);
  if (key === undefined) wrong('the key that signed it is not kept here');
  else if (keyIdOf(publicKeyOf(key)) !== key.key_id || !isVouchedFor(key, authority))
    wrong('the key that signed it is not one that the authority gave a box of this name');
  else if (key.site !== value.site || key.agent !== value.agent) wrong("it is signed with another box's key");
  else if (!isSigned(payload, key)) wrong('it is not what the box signed');
  return value;
}

function isVouchedFor({ certificate, site, agent }: AgentKeyRow, authority: Authority): boolean {
  const own = new X509Certificate(certificate);
  return authority.hasIssued(own) && own.toLegacyObject().subject.CN === `${site}/${agent}`;
}

async function keysOf(db: Kysely<Tables>, messages: readonly Message[]): Promise<Map<string, AgentKeyRow>> {
  const ids = messages
    .flatMap(({ payload, key_id }) => [key_id, signerIn(payload)])
    .filter((id) => id !== null);
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('agent_keys').selectAll().where('key_id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.key_id, row]));
}

function signerIn(payload: string): string | null {
  const parsed = parseDetection(Buffer.from(payload));
  return parsed.ok ? (parsed.value.signature?.key ?? null) : null;
}

/** SHA-256 of the bytes that are there now; null when there are none. */
async function hashOf(evidence: EvidenceStore, name: string): Promise<string | null> {
  const file = await evidence.get(name);
  if (file === null) return null;
  const hash = createHash('sha256');
  for await (const chunk of file.open()) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

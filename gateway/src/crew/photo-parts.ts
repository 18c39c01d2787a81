/**
 * Photographs that come from a telephone in parts, so that a line that breaks off costs one part (after tus.io's "Core Protocol": an
 * offset, and what comes after it). They belong to the order of the link by which they come, are named by their SHA-256, and lie in
 * the store beside the parts of agents' files, with the same bounds and the same end: several gateways may each take some.
 */
import { assemble, forgetParts, reachOf, storePart } from '../evidence/parts.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { CrewLink } from '../tickets/crew-links.ts';
import { PhotoRefusal } from './photo.ts';

/** What a telephone cannot make smaller is sent as a form, whole. */
export const MAX_PARTED_BYTES = 8 * 1024 * 1024;
export const MAX_PART_BYTES = 128 * 1024;

export interface PhotoPart {
  /** SHA-256 of the whole photograph, hex. */
  readonly name: string;
  readonly offset: number;
  readonly total: number;
  readonly bytes: Buffer;
}

type Owner = Pick<CrewLink, 'assignmentId'>;

/** How much of it is here from the beginning on. */
export function photoOffset(db: Store['db'], owner: Owner, name: string): Promise<number> {
  return reachOf(db, fileOf(owner, name));
}

/** Returns how much is here now. Throws Refusal for a part that does not follow on what is here, or does not fit. */
export async function takePart(store: Store, owner: Owner, part: PhotoPart): Promise<number> {
  const { name, offset, total, bytes } = part;
  return store.transaction(async (tx) => {
    const file = fileOf(owner, name);
    const reach = await reachOf(tx.db, file);
    if (offset !== reach)
      throw new Refusal('photo_part_misplaced', `upload-offset: ${offset}; expected ${reach}`);
    if (bytes.length === 0 || offset + bytes.length > total)
      throw new Refusal(
        'fields_invalid',
        `upload-length: ${bytes.length} bytes do not fit from ${offset} on`,
      );
    const wrong = await storePart(tx, file, { sha256: name, start: offset, total }, bytes);
    if (wrong !== null) throw new Refusal('photo_part_misplaced', wrong);
    const now = await reachOf(tx.db, file);
    // A picture of the city's own evidence, sent back as it is: it has no place among what a crew saw.
    if (now !== offset + bytes.length)
      throw new PhotoRefusal('format', 'is a picture that this gateway has itself');
    return now;
  });
}

/** Throws PhotoRefusal for one that is not here whole, or is not what its name says: that one is forgotten, to be sent anew. */
export async function wholePhoto(store: Store, owner: Owner, name: string): Promise<Buffer> {
  const whole = await assemble(store.db, fileOf(owner, name));
  if (whole === 'spoilt') await store.transaction((tx) => forgetPhoto(tx, owner, name));
  if (!Buffer.isBuffer(whole)) throw new PhotoRefusal('damaged', `${name} has not arrived whole`);
  return whole;
}

export function forgetPhoto(tx: Tx, owner: Owner, name: string): Promise<void> {
  return forgetParts(tx, fileOf(owner, name));
}

/** No agent is of a site without a name. */
function fileOf({ assignmentId }: Owner, name: string) {
  return { site: '', agent: assignmentId, sha256: name };
}

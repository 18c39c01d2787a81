/** What a crew reports by its link: a step of the ticket with photographs and, if the device tells it, a position. */

import { newId, sha256 } from '@roadwatch/contract';
import type { Config } from '../config/config.ts';
import { announceEvidence, claimEvidence, recordEvidence } from '../evidence/records.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import { type Asked, keptAnswer, once } from '../idempotency/once.ts';
import type { Actor } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import { type CrewLink, isValidLink } from '../tickets/crew-links.ts';
import { mayCommand, moveByCommand } from '../workflow/commands.ts';
import type { DecodeQueue } from './decode-queue.ts';
import { cleanPhoto, PhotoRefusal } from './photo.ts';
import { forgetPhoto } from './photo-parts.ts';

export const CREW_STEPS = ['accept', 'arrive', 'make_safe', 'repair', 'return'] as const;
export type CrewStep = (typeof CREW_STEPS)[number];
/** These claim something about the road, so they show it. */
const NEEDS_PHOTO: readonly CrewStep[] = ['make_safe', 'repair'];
export const MAX_PHOTOS = 4;
/** Rework lets steps come again, but nobody needs this many pictures of one order. */
const MAX_PHOTOS_OF_AN_ORDER = 60;
/** A photograph that belongs to nothing by then never will: whoever stored it has ended. */
const UNCLAIMED_MS = 3_600_000;

export interface CrewReport {
  readonly step: CrewStep;
  /** Paths of files as they came. */
  readonly photos: readonly string[];
  readonly reason?: string;
  /** By which a telephone that heard no answer sends it again, and the names of photographs that came in parts. */
  readonly again?: { readonly key: string; readonly parts: readonly string[] };
  readonly position?: {
    readonly latitude: number;
    readonly longitude: number;
    readonly accuracyM: number | null;
  };
}

interface Photo {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Throws Refusal; then nothing has changed, and no photograph stays. */
export async function reportStep(
  {
    store,
    evidence,
    decoding,
  }: { readonly store: Store; readonly evidence: EvidenceStore; readonly decoding: DecodeQueue },
  config: Pick<Config, 'clocks' | 'dispatch' | 'inspection'>,
  link: CrewLink,
  report: CrewReport,
  actor: Actor,
): Promise<void> {
  const { step, reason } = report;
  const input = { command: step, ...(reason === undefined ? {} : { reason }) };
  const unit = { id: link.unitId, username: link.unitId, role: 'unit', unitId: link.unitId } as const;
  const asked = askedBy(link, report);
  // Before anything is decoded or stored: what would be refused costs nothing.
  await mayCommand(store.db, link.ticketId, input, unit);
  if (NEEDS_PHOTO.includes(step) && report.photos.length === 0)
    throw new PhotoRefusal('missing', 'this step needs a photograph');
  await checkRoom(store, link, report.photos.length);

  const photos: Photo[] = [];
  for (const path of report.photos) {
    const bytes = await decoding.run(() => cleanPhoto(path));
    photos.push({ name: sha256(bytes), bytes });
  }
  const names = photos.map(({ name }) => name);
  // So that the purge deletes what no report then claims.
  if (names.length > 0) await store.transaction((tx) => announceEvidence(tx, names, tx.at + UNCLAIMED_MS));
  for (const { name, bytes } of photos) await evidence.put(name, bytes);
  const move = async (tx: Tx): Promise<string> => {
    const query = tx.db.selectFrom('tickets').selectAll().where('id', '=', link.ticketId);
    const ticket = await tx.locked(query).executeTakeFirst();
    // Photographs may take minutes to arrive.
    if (!(await isValidLink(tx.db, link))) throw new Refusal('crew_link_over', 'the link has ended');
    await moveByCommand(tx, config, ticket, link.ticketId, input, unit, actor);
    for (const photo of photos) await keepPhoto(tx, link, report, photo);
    for (const name of report.again?.parts ?? []) await forgetPhoto(tx, link, name);
    return step;
  };
  if (asked === null) await store.transaction(move);
  else await once(store, asked, move);
}

/** Whether it has been taken before, and only its answer was lost. */
export async function isRepeat(store: Store, link: CrewLink, report: CrewReport): Promise<boolean> {
  const asked = askedBy(link, report);
  return asked !== null && (await keptAnswer(store, asked)) !== undefined;
}

/** Of the order, so that a new link to it may repeat what an earlier one has sent; null: it is not sent again. */
function askedBy({ assignmentId }: CrewLink, { step, reason, again }: CrewReport): Asked | null {
  if (again === undefined) return null;
  const request = JSON.stringify([step, reason ?? null, again.parts]);
  return { by: `crew:${assignmentId}`, key: again.key, request };
}

async function checkRoom(store: Store, { assignmentId }: CrewLink, more: number): Promise<void> {
  const { count } = await store.db
    .selectFrom('ticket_photos')
    .select((select) => select.fn.countAll().as('count'))
    .where('assignment_id', '=', assignmentId)
    .executeTakeFirstOrThrow();
  if (Number(count) + more > MAX_PHOTOS_OF_AN_ORDER)
    throw new PhotoRefusal('limit', `this order has ${count}; expected at most ${MAX_PHOTOS_OF_AN_ORDER}`);
}

async function keepPhoto(
  tx: Tx,
  { ticketId, assignmentId }: CrewLink,
  { step, position }: CrewReport,
  { name, bytes }: Photo,
): Promise<void> {
  await recordEvidence(tx, { sha256: name, contentType: 'image/jpeg', bytes: bytes.length });
  await claimEvidence(tx, name);
  await tx.db
    .insertInto('ticket_photos')
    .values({
      id: newId(),
      ticket_id: ticketId,
      assignment_id: assignmentId,
      step,
      sha256: name,
      taken_at: tx.at,
      latitude: position?.latitude ?? null,
      longitude: position?.longitude ?? null,
      accuracy_m: position?.accuracyM ?? null,
    })
    .execute();
}

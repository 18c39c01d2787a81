/** What a crew reports by its link: a step of the ticket with photographs and, if the device tells it, a position. */
import { newId, sha256 } from '@roadwatch/contract';
import type { Config } from '../config/config.ts';
import type { EvidenceStore } from '../ingest/evidence-store.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import { moveByCommand } from '../tickets/transition.ts';
import type { CrewLink } from './links.ts';
import { cleanPhoto } from './photo.ts';

export const CREW_STEPS = ['accept', 'arrive', 'make_safe', 'repair', 'return'] as const;
export type CrewStep = (typeof CREW_STEPS)[number];
/** These claim something about the road, so they show it. */
const NEEDS_PHOTO: readonly CrewStep[] = ['make_safe', 'repair'];
export const MAX_PHOTOS = 4;

export interface CrewReport {
  readonly step: CrewStep;
  readonly photos: readonly Uint8Array[];
  readonly reason?: string;
  readonly position?: {
    readonly latitude: number;
    readonly longitude: number;
    readonly accuracyM: number | null;
  };
}

/** Throws Refusal; then nothing has changed. */
export async function reportStep(
  { store, evidence }: { readonly store: Store; readonly evidence: EvidenceStore },
  config: Pick<Config, 'clocks' | 'dispatch' | 'inspection'>,
  link: CrewLink,
  report: CrewReport,
): Promise<void> {
  const { step, reason } = report;
  if (NEEDS_PHOTO.includes(step) && report.photos.length === 0)
    throw new Refusal('invalid', 'photo: this step needs a photograph');
  const photos: { readonly name: string; readonly bytes: Buffer }[] = [];
  // One after the other: decoding a large picture takes much memory.
  for (const raw of report.photos) {
    const bytes = await cleanPhoto(raw);
    photos.push({ name: sha256(bytes), bytes });
  }
  for (const { name, bytes } of photos) await evidence.put(name, bytes);
  const unit = { id: link.unitId, username: link.unitId, role: 'unit', unitId: link.unitId } as const;
  await store.transaction(async (tx) => {
    const query = tx.db.selectFrom('tickets').selectAll().where('id', '=', link.ticketId);
    const ticket = await tx.locked(query).executeTakeFirst();
    const input = { command: step, ...(reason === undefined ? {} : { reason }) };
    const actor = { name: `unit:${link.unitId}`, channel: 'crew' };
    await moveByCommand(tx, config, ticket, link.ticketId, input, unit, actor);
    for (const { name, bytes } of photos) await keepPhoto(tx, link, report, name, bytes.length);
  });
}

async function keepPhoto(
  tx: Tx,
  { ticketId, assignmentId }: CrewLink,
  { step, position }: CrewReport,
  name: string,
  bytes: number,
): Promise<void> {
  await tx.db
    .insertInto('evidence')
    .values({ sha256: name, content_type: 'image/jpeg', bytes, stored_at: tx.at })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute();
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

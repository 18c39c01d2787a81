/** What a unit's own system tells us of a ticket: signed like our orders, and each message taken once. */
import { sha256 } from '@roadwatch/contract';
import type { Config } from '../../config/config.ts';
import { Refusal } from '../../refusal.ts';
import type { Store } from '../../store/database.ts';
import { type CommandInput, moveByCommand } from '../../workflow/commands.ts';
import { checkSignature } from './webhook.ts';

export const UNIT_COMMANDS = ['accept', 'return', 'arrive', 'make_safe', 'repair'] as const;

export interface UnitUpdate {
  readonly ticket: string;
  readonly command: (typeof UNIT_COMMANDS)[number];
  readonly reason?: string;
}

export interface SignedCall {
  readonly id: string;
  readonly timestampS: number;
  readonly body: string;
  readonly signatures: string;
}

/** Throws Refusal unless the call was signed with the secret of the unit. */
export function authenticateUnit(
  config: Pick<Config, 'units'>,
  unitId: string,
  call: SignedCall,
  nowMs: number,
) {
  const webhook = config.units.find((entry) => entry.id === unitId)?.webhook;
  if (webhook === undefined)
    throw new Refusal('unit_system_unknown', `no unit ${unitId} with a system of its own`);
  const wrong = checkSignature(webhook.secret.reveal(), call, nowMs);
  if (wrong !== null) throw new Refusal('signature_refused', wrong);
}

/** Carries the update out. A message that came before, by its id, changes nothing: the sender may repeat it. */
export async function applyUpdate(
  store: Store,
  config: Pick<Config, 'clocks' | 'dispatch' | 'inspection'>,
  unitId: string,
  messageId: string,
  update: UnitUpdate,
  source: string,
): Promise<void> {
  await store.transaction(async (tx) => {
    const inserted = await tx.db
      .insertInto('unit_messages')
      .values({ unit_id: unitId, message_id: messageId, sha256: sha256(JSON.stringify(update)), at: tx.at })
      .onConflict((conflict) => conflict.columns(['unit_id', 'message_id']).doNothing())
      .executeTakeFirst();
    if ((inserted.numInsertedOrUpdatedRows ?? 0n) === 0n) return;
    const query = tx.db.selectFrom('tickets').selectAll();
    const ticket = await tx
      .locked(
        query.where((where) =>
          where.or([where('id', '=', update.ticket), where('number', '=', update.ticket)]),
        ),
      )
      .executeTakeFirst();
    const input: CommandInput = {
      command: update.command,
      ...(update.reason === undefined ? {} : { reason: update.reason }),
    };
    const user = { id: unitId, username: unitId, role: 'unit', unitId } as const;
    await moveByCommand(tx, config, ticket, update.ticket, input, user, {
      name: `unit:${unitId}`,
      channel: 'webhook',
      source,
    });
  });
}

/** More time for a repair: asked for with a reason, given or refused by those who may; one question at a time. */
import { newId } from '@roadwatch/contract';
import type { ExtensionState, TicketCommand } from '@roadwatch/contract/api';
import type { Tx } from '../store/database.ts';
import type { ClockRow } from '../store/tables/clocks.ts';
import type { ExtensionRow } from '../store/tables/tickets.ts';

const DECIDED_BY_COMMAND = { extend: 'given', refuse_extension: 'refused' } as const;

/** What can be done: to ask once there is a time to extend and nobody has asked, to refuse once somebody has. */
export function possibleExtensions(
  commands: readonly TicketCommand[],
  { runs, asked }: { readonly runs: boolean; readonly asked: boolean },
): TicketCommand[] {
  return commands.filter((command) => {
    if (command === 'ask_extension') return runs && !asked;
    if (command === 'extend') return runs;
    return command !== 'refuse_extension' || asked;
  });
}

/** The clock whose deadline the unit works against; null when none runs, or the time is over. */
export function clockToExtend<Clock extends Pick<ClockRow, 'kind' | 'state' | 'deadline_at' | 'breached_at'>>(
  clocks: readonly Clock[],
  now = 0,
): Clock | null {
  const running = clocks.filter(
    ({ state, deadline_at, breached_at }) => state === 'running' && breached_at === null && deadline_at > now,
  );
  return (
    running.find(({ kind }) => kind === 'rework') ?? running.find(({ kind }) => kind === 'resolution') ?? null
  );
}

export async function openExtension(tx: Tx, ticketId: string): Promise<ExtensionRow | null> {
  const row = await tx.db
    .selectFrom('ticket_extensions')
    .selectAll()
    .where('ticket_id', '=', ticketId)
    .where('state', '=', 'asked')
    .executeTakeFirst();
  return row ?? null;
}

export async function askExtension(
  tx: Tx,
  asked: Pick<ExtensionRow, 'ticket_id' | 'clock' | 'until_at' | 'reason' | 'asked_by'>,
): Promise<string> {
  const id = newId();
  await tx.db
    .insertInto('ticket_extensions')
    .values({ ...asked, id, state: 'asked', asked_at: tx.at, decided_by: null, decided_at: null })
    .execute();
  return id;
}

/** `until`: what is given, which need not be what was asked for. */
export async function decideExtension(
  tx: Tx,
  id: string,
  command: keyof typeof DECIDED_BY_COMMAND,
  by: string,
  until?: number,
): Promise<void> {
  await set(tx, id, DECIDED_BY_COMMAND[command], by, until);
}

/** The ticket has moved on. */
export async function endExtensions(tx: Tx, ticketId: string): Promise<void> {
  const open = await openExtension(tx, ticketId);
  if (open !== null) await set(tx, open.id, 'over', null);
}

async function set(
  tx: Tx,
  id: string,
  state: ExtensionState,
  by: string | null,
  until?: number,
): Promise<void> {
  await tx.db
    .updateTable('ticket_extensions')
    .set({ state, decided_by: by, decided_at: tx.at, ...(until === undefined ? {} : { until_at: until }) })
    .where('id', '=', id)
    .execute();
}

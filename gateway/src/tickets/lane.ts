/** The lane of an open ticket: where it waits, and so for whom. The same rule twice, for a row at hand and for the store to count by. */
import type { TicketLane, TicketState } from '@roadwatch/contract/api';
import { type RawBuilder, sql } from 'kysely';
import type { InspectionRow } from '../store/tables/tickets.ts';

const BY_STATE: Readonly<Record<TicketState, TicketLane | null>> = {
  filed: 'sending',
  dispatched: 'waiting',
  accepted: 'at_work',
  on_site: 'at_work',
  made_safe: 'at_work',
  rework: 'at_work',
  repaired: 'checking',
  inspecting: 'checking',
  returned: 'returned',
  suspended: 'suspended',
  closed: null,
  cancelled: null,
};

/** `last`: its newest inspection. Null once the ticket is over. */
export function laneOf(
  state: TicketState,
  last: Pick<InspectionRow, 'state' | 'result'> | undefined,
): TicketLane | null {
  const lane = BY_STATE[state];
  if (lane !== 'checking' || last?.state !== 'done') return lane;
  if (last.result === 'fail') return 'still_there';
  return last.result === 'pass' ? 'whole' : lane;
}

/** `laneOf` of a row of `tickets`. */
export function laneColumn(): RawBuilder<TicketLane | null> {
  const states = Object.entries(BY_STATE).flatMap(([state, lane]) =>
    lane === null || lane === 'checking' ? [] : [sql`when ${sql.lit(state)} then ${sql.lit(lane)}`],
  );
  return sql<TicketLane | null>`case tickets.state ${sql.join(states, sql` `)}
    when 'closed' then null when 'cancelled' then null
    else coalesce((
      select case when last.state <> 'done' then null
        when last.result = 'fail' then 'still_there' when last.result = 'pass' then 'whole' end
      from inspections as last where last.ticket_id = tickets.id order by last.id desc limit 1
    ), 'checking') end`;
}

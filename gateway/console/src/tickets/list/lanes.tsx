/** Where open tickets wait, with how many in each lane; what waits for somebody at this desk stands first. */
import type { LaneTotal } from '@roadwatch/contract/api';
import { TICKET_LANES, type TicketLane } from '@roadwatch/contract/api/vocabulary.ts';
import { useTexts } from '../../shared/texts/language.ts';

interface Props {
  readonly totals: readonly LaneTotal[];
  /** Null: all that are open. */
  readonly lane: TicketLane | null;
  readonly closed: boolean;
  readonly onLane: (lane: TicketLane | null, closed: boolean) => void;
}

export function Lanes({ totals, lane, closed, onLane }: Props) {
  const texts = useTexts();
  const total = totals.reduce((sum, each) => sum + each.total, 0);
  const overdue = totals.reduce((sum, each) => sum + each.overdue, 0);
  return (
    <nav class="lanes" aria-label={texts.ticketList.lanes}>
      <Tab
        name={texts.ticketList.allOpen}
        total={total}
        overdue={overdue}
        current={lane === null && !closed}
        onClick={() => onLane(null, false)}
      />
      {TICKET_LANES.map((name) => {
        const found = totals.find((each) => each.lane === name);
        return (
          <Tab
            key={name}
            lane={name}
            name={texts.lane[name]}
            total={found?.total ?? 0}
            overdue={found?.overdue ?? 0}
            current={lane === name}
            onClick={() => onLane(name, false)}
          />
        );
      })}
      <Tab name={texts.ticketList.closed} current={closed} onClick={() => onLane(null, true)} />
    </nav>
  );
}

interface TabProps {
  readonly name: string;
  readonly lane?: TicketLane;
  readonly total?: number;
  readonly overdue?: number;
  readonly current: boolean;
  readonly onClick: () => void;
}

function Tab({ name, lane, total, overdue = 0, current, onClick }: TabProps) {
  const { ticketList: texts } = useTexts();
  return (
    <button
      type="button"
      class={`lane ${lane ?? ''}`}
      aria-pressed={current}
      data-lane={lane ?? 'all'}
      onClick={onClick}
    >
      {name}
      {total === undefined ? null : <b class="figures">{total}</b>}
      {overdue === 0 ? null : <small class="late">▲ {texts.late(overdue)}</small>}
    </button>
  );
}

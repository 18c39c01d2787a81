/** All lanes side by side, each with what runs out next on top. */
import type { LaneTotal } from '@roadwatch/contract/api';
import { TICKET_LANES, type TicketLane } from '@roadwatch/contract/api/vocabulary.ts';
import { useState } from 'preact/hooks';
import type { TicketFilter } from '../../shared/api/tickets.ts';
import { at } from '../../shared/route/base.ts';
import { follow } from '../../shared/route/route.ts';
import { damageName } from '../../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { isOverdue, repairClock, responseClock } from '../clock-view.ts';
import { TicketClock } from '../ticket-clock.tsx';
import { TicketMark } from '../ticket-mark.tsx';
import { useTicketList } from './use-ticket-list.ts';
import type { TicketRow } from './window.ts';

const CARDS = 20;

interface Props {
  readonly narrowing: TicketFilter;
  readonly totals: readonly LaneTotal[];
  readonly now: number;
  readonly onLane: (lane: TicketLane) => void;
}

export function Board({ narrowing, totals, now, onLane }: Props) {
  return (
    <div class="board">
      {TICKET_LANES.map((lane) => (
        <Lane
          key={lane}
          lane={lane}
          narrowing={narrowing}
          total={totals.find((each) => each.lane === lane)?.total ?? 0}
          now={now}
          onAll={() => onLane(lane)}
        />
      ))}
    </div>
  );
}

interface LaneProps {
  readonly lane: TicketLane;
  readonly narrowing: TicketFilter;
  readonly total: number;
  readonly now: number;
  readonly onAll: () => void;
}

function Lane({ lane, narrowing, total, now, onAll }: LaneProps) {
  const texts = useTexts();
  const [held, setHeld] = useState(false);
  const list = useTicketList({ ...narrowing, lane, order: 'deadline' }, held, CARDS);
  const rows = list.window?.rows ?? [];
  return (
    <section
      class={`board-lane ${lane}`}
      aria-label={texts.lane[lane]}
      onPointerEnter={({ pointerType }) => setHeld(pointerType === 'mouse')}
      onPointerLeave={() => setHeld(false)}
    >
      <h2>
        {texts.lane[lane]} <b class="figures">{total}</b>
      </h2>
      {list.window !== null && rows.length === 0 ? <p class="hint">{texts.ticketList.laneEmpty}</p> : null}
      <ul>
        {rows.map((row) => (
          <li key={row.ticket.id}>
            <Card row={row} now={now} />
          </li>
        ))}
      </ul>
      {total > rows.length ? (
        <button type="button" class="quiet" onClick={onAll}>
          {texts.ticketList.showAll(total)}
        </button>
      ) : null}
    </section>
  );
}

function Card({ row: { ticket, gone }, now }: { readonly row: TicketRow; readonly now: number }) {
  const texts = useTexts();
  const language = useLanguage();
  const repair = repairClock(ticket);
  const clock = ticket.state === 'dispatched' || repair === null ? responseClock(ticket) : repair;
  return (
    <a
      class={`card ${gone ? 'gone' : ''} ${isOverdue(ticket, now) ? 'overdue' : ''}`}
      href={at(`/tickets/${ticket.id}`)}
      onClick={follow}
    >
      <span class="figures">{ticket.number}</span>
      <span class={`tag ${ticket.damageClass}`}>{damageName(ticket.damageClass, language)}</span>
      <span class="where">{ticket.cameraName[language]}</span>
      <small>{ticket.unit.name[language]}</small>
      {gone ? <span class="mark over">{texts.ticketList.movedOn}</span> : <TicketMark state={ticket.state} />}
      {clock === null ? null : <TicketClock clock={clock} now={now} />}
    </a>
  );
}

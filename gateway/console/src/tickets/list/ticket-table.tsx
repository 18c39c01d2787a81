/** The list itself: nothing under the pointer moves, more is loaded as one comes to its end, and keys go through it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { at } from '../../shared/route/base.ts';
import { navigate } from '../../shared/route/route.ts';
import { useTexts } from '../../shared/texts/language.ts';
import { TicketLine } from './ticket-line.tsx';
import { useRowKeys } from './use-row-keys.ts';
import type { TicketList } from './use-ticket-list.ts';
import type { TicketRow } from './window.ts';

interface Props {
  readonly list: TicketList;
  readonly rows: readonly TicketRow[];
  readonly now: number;
  readonly mayJudge: boolean;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
  /** Whether something is at hand that must not move. */
  readonly onHold: (held: boolean) => void;
}

const openTicket = (id: string): void => navigate(at(`/tickets/${id}`));

export function TicketTable({ list, rows, now, mayJudge, chosen, onChoose, onHold }: Props) {
  const texts = useTexts();
  const [scene, setScene] = useState<string | null>(null);
  const [pointed, setPointed] = useState(false);
  useEffect(() => onHold(pointed || scene !== null), [onHold, pointed, scene]);
  useRowKeys(rows, chosen, onChoose, openTicket);
  return (
    <div
      class="scroll"
      onPointerEnter={({ pointerType }) => setPointed(pointerType === 'mouse')}
      onPointerLeave={() => setPointed(false)}
    >
      <table class="tickets">
        <thead>
          <tr>
            <th>{texts.tickets.number}</th>
            <th>{texts.tickets.state}</th>
            <th>{texts.tickets.response}</th>
            <th>{texts.tickets.repair}</th>
            <th>{texts.tickets.damage}</th>
            <th>{texts.tickets.camera}</th>
            <th>{texts.tickets.unit}</th>
            <th>{texts.tickets.opened}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TicketLine
              key={row.ticket.id}
              row={row}
              now={now}
              chosen={row.ticket.id === chosen}
              scene={row.ticket.id === scene}
              mayJudge={mayJudge}
              onChoose={() => onChoose(row.ticket.id)}
              onScene={(open) => setScene(open ? row.ticket.id : null)}
            />
          ))}
        </tbody>
      </table>
      {list.window?.next == null ? null : <More key={list.window.next} onMore={list.loadMore} />}
    </div>
  );
}

/** Loads more when it comes into view, and by a click. */
function More({ onMore }: { readonly onMore: () => void }) {
  const { ticketList: texts } = useTexts();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const watch = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) onMore();
    });
    if (button.current !== null) watch.observe(button.current);
    return () => watch.disconnect();
  }, [onMore]);
  return (
    <p class="more">
      <button ref={button} type="button" onClick={onMore}>
        {texts.more}
      </button>
    </p>
  );
}

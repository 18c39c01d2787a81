/** A unit's own desk: what has come, what it works on, by when; the one at hand with its picture beside the list. */
import type { Ticket } from '@roadwatch/contract/api';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { problemText } from '../../shared/api/problem-text.ts';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { at } from '../../shared/route/base.ts';
import { navigate } from '../../shared/route/route.ts';
import { damageName } from '../../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { useNow } from '../../shared/time/use-now.ts';
import { isOverdue, repairClock, responseClock } from '../clock-view.ts';
import { useRowKeys } from '../list/use-row-keys.ts';
import { useTicketList } from '../list/use-ticket-list.ts';
import type { TicketRow, TicketWindow } from '../list/window.ts';
import { Notices } from '../notices.tsx';
import { TicketClock } from '../ticket-clock.tsx';
import { TicketMark } from '../ticket-mark.tsx';
import { Chime } from './chime.ts';
import { grouped, newlyAsked } from './groups.ts';
import { Order } from './order.tsx';
import { UnitFigures } from './unit-figures.tsx';

const ALL_OPEN = { state: 'open', order: 'deadline' } as const;
const ROWS = 100;
const openTicket = (id: string): void => navigate(at(`/tickets/${id}`));

export function UnitDesk() {
  const texts = useTexts();
  const now = useNow();
  const [held, setHeld] = useState(false);
  const list = useTicketList(ALL_OPEN, held, ROWS);
  const rows = list.window?.rows ?? [];
  const groups = grouped(rows);
  const inOrder = groups.flatMap(([, own]) => own);
  const [asked, setAsked] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const chosen = (inOrder.find(({ ticket }) => ticket.id === asked) ?? inOrder[0])?.ticket.id ?? null;
  const sound = useOrderSound(list.window);
  useRowKeys(inOrder, chosen, setAsked, openTicket);
  return (
    <section class="page unit-desk">
      <header class="bar">
        <h1>{texts.unitDesk.title}</h1>
        <UnitFigures />
        <span class="gap" />
        <button type="button" aria-pressed={sound.on} title={texts.unitDesk.soundHint} onClick={sound.toggle}>
          {sound.on ? texts.unitDesk.soundOff : texts.unitDesk.soundOn}
        </button>
      </header>
      <Notices />
      <p role="status" class="said">
        {said}
      </p>
      {list.window === null || list.problem === null ? null : (
        <p class="problem" role="alert">
          {problemText(list.problem, texts)}
        </p>
      )}
      {list.window === null || rows.length === 0 ? (
        <div class="nothing">
          <p>
            {list.window !== null
              ? texts.unitDesk.nothing
              : list.problem === null
                ? texts.loading
                : problemText(list.problem, texts)}
          </p>
          <p class="hint">{list.window === null ? '' : texts.unitDesk.nothingHint}</p>
        </div>
      ) : (
        <div class="unit-columns">
          <nav
            class="scroll orders"
            aria-label={texts.unitDesk.title}
            onPointerEnter={({ pointerType }) => setHeld(pointerType === 'mouse')}
            onPointerLeave={() => setHeld(false)}
          >
            {list.unsettled === 0 ? null : (
              <button type="button" class="anew" onClick={list.settle}>
                {texts.ticketList.changes(list.unsettled)}
              </button>
            )}
            {groups.map(([group, own]) => (
              <section key={group} class={group}>
                <h2>
                  {texts.unitDesk[group]} <b class="figures">{own.length}</b>
                </h2>
                <ul>
                  {own.map((row) => (
                    <li key={row.ticket.id}>
                      <OrderLine
                        row={row}
                        now={now}
                        chosen={row.ticket.id === chosen}
                        onChoose={() => setAsked(row.ticket.id)}
                      />
                    </li>
                  ))}
                </ul>
              </section>
            ))}
            {list.window.next === null ? null : (
              <button type="button" class="quiet" onClick={list.loadMore}>
                {texts.ticketList.more}
              </button>
            )}
          </nav>
          {chosen === null ? null : (
            <AtHand
              key={chosen}
              id={chosen}
              now={now}
              onDone={(words) => {
                setSaid(words);
                setAsked(null);
                list.reload();
              }}
            />
          )}
        </div>
      )}
    </section>
  );
}

interface AtHandProps {
  readonly id: string;
  readonly now: number;
  readonly onDone: (said: string) => void;
}

function AtHand({ id, now, onDone }: AtHandProps) {
  const texts = useTexts();
  const api = useApi();
  const { value, problem } = useLoaded(() => api.tickets.one(id), ['ticket'], id);
  if (value === null)
    return <div class="nothing">{problem === null ? texts.loading : problemText(problem, texts)}</div>;
  return <Order key={value.id} ticket={value} now={now} onDone={onDone} />;
}

interface LineProps {
  readonly row: TicketRow;
  readonly now: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function OrderLine({ row: { ticket, gone }, now, chosen, onChoose }: LineProps) {
  const texts = useTexts();
  const language = useLanguage();
  const repair = repairClock(ticket);
  const clock = ticket.state === 'dispatched' || repair === null ? responseClock(ticket) : repair;
  return (
    <button
      type="button"
      class={`order-line ${gone ? 'gone' : ''} ${isOverdue(ticket, now) ? 'overdue' : ''}`}
      aria-current={chosen ? 'true' : undefined}
      data-ticket={ticket.id}
      onClick={onChoose}
    >
      <span class={`tag ${ticket.damageClass}`}>{damageName(ticket.damageClass, language)}</span>
      <span class="where">{ticket.cameraName[language]}</span>
      <small class="figures">{ticket.number}</small>
      {gone ? <span class="mark over">{texts.ticketList.movedOn}</span> : <TicketMark state={ticket.state} />}
      {clock === null ? null : <TicketClock clock={clock} now={now} />}
    </button>
  );
}

/** Rings for what has newly come, once sound is on. */
function useOrderSound(shown: TicketWindow | null) {
  const texts = useTexts();
  const chime = useMemo(() => new Chime(), []);
  const [on, setOn] = useState(false);
  const before = useRef<readonly Ticket[] | null>(null);
  useEffect(() => () => chime.stop(), [chime]);
  useEffect(() => {
    if (shown === null) return;
    const rows = shown.rows.filter(({ gone }) => !gone).map(({ ticket }) => ticket);
    // Also what waits to be shown, since a pointer is on the list.
    const tickets = [...rows, ...shown.waiting];
    if (before.current !== null && newlyAsked(before.current, tickets).length > 0) chime.ring();
    before.current = tickets;
    const waiting = tickets.filter(({ state }) => state === 'dispatched').length;
    document.title = waiting === 0 ? texts.product : texts.waitingTitle(waiting, texts.product);
  }, [shown, chime, texts]);
  // What was wanted before begins with the first click anywhere, since browsers want one.
  useEffect(() => {
    if (!Chime.wanted()) return undefined;
    const begin = (): void => void chime.switchOn().then(() => setOn(true));
    window.addEventListener('pointerdown', begin, { once: true });
    return () => window.removeEventListener('pointerdown', begin);
  }, [chime]);
  const toggle = (): void => {
    if (chime.on) {
      chime.switchOff();
      setOn(false);
    } else void chime.switchOn().then(() => setOn(true));
  };
  return { on, toggle };
}

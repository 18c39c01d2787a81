/** The tickets of the city: by lane or all, as a list or a board, what runs out next on top. */
import type { Ticket } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { problemText } from '../shared/api/problem-text.ts';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { replaceSearch, useSearch } from '../shared/route/route.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useNow } from '../shared/time/use-now.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { Board } from './list/board.tsx';
import { narrowingFor, questionFor, type Shown, searchOf, shownBy } from './list/filter.ts';
import { FilterBar } from './list/filter-bar.tsx';
import { Judge, type JudgingLane } from './list/judge.tsx';
import { Lanes } from './list/lanes.tsx';
import { TicketTable } from './list/ticket-table.tsx';
import { useTicketList } from './list/use-ticket-list.ts';
import { Notices } from './notices.tsx';

export function Tickets({ mayJudge }: { readonly mayJudge: boolean }) {
  const texts = useTexts();
  const api = useApi();
  const wall = useWallClock();
  const now = useNow();
  const search = useSearch();
  const shown = shownBy(search);
  const show = (change: Partial<Shown>): void => replaceSearch(searchOf({ ...shown, ...change }));
  const narrowing = narrowingFor(shown.narrowed, wall);
  const key = JSON.stringify(narrowing);
  const totals = useLoaded(() => api.tickets.lanes(narrowing), ['ticket'], key).value ?? [];
  const view = (name: Shown['view'], label: string) => (
    <button type="button" aria-pressed={shown.view === name} onClick={() => show({ view: name })}>
      {label}
    </button>
  );
  return (
    <section class="page tickets-page">
      <header class="bar">
        <h1>{texts.pages.tickets}</h1>
        <span class="group">
          {view('list', texts.ticketList.list)}
          {view('board', texts.ticketList.board)}
        </span>
        <FilterBar narrowed={shown.narrowed} onNarrow={(narrowed) => show({ narrowed })} />
      </header>
      <Lanes
        totals={totals}
        lane={shown.lane}
        closed={shown.closed}
        onLane={(lane, closed) => show({ lane, closed, view: 'list' })}
      />
      <Notices />
      {shown.view === 'board' ? (
        <Board
          narrowing={narrowing}
          totals={totals}
          now={now}
          onLane={(lane) => show({ lane, view: 'list' })}
        />
      ) : (
        <List key={shown.lane ?? String(shown.closed)} shown={shown} now={now} mayJudge={mayJudge} />
      )}
    </section>
  );
}

interface ListProps {
  readonly shown: Shown;
  readonly now: number;
  readonly mayJudge: boolean;
}

function List({ shown, now, mayJudge }: ListProps) {
  const texts = useTexts();
  const wall = useWallClock();
  const [held, setHeld] = useState(false);
  const list = useTicketList(questionFor(shown, wall), held);
  const rows = list.window?.rows ?? [];
  const judging = isJudging(shown.lane) ? shown.lane : null;
  const [asked, setAsked] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const open = rows.filter(({ gone }) => !gone);
  const there = rows.some(({ ticket }) => ticket.id === asked);
  const chosen = there ? asked : judging === null ? null : (open[0]?.ticket.id ?? null);
  const atHand = rows.find(({ ticket }) => ticket.id === chosen)?.ticket ?? null;
  /** The one after it comes to hand. */
  const goOn = ({ id, number, state }: Ticket): void => {
    setSaid((state === 'closed' ? texts.judge.closed : texts.judge.reworkOrdered)(number));
    const index = open.findIndex(({ ticket }) => ticket.id === id);
    setAsked((open[index + 1] ?? open[index - 1])?.ticket.id ?? null);
    list.reload();
  };
  if (list.window === null)
    return (
      <div class="nothing">
        <p>{list.problem === null ? texts.loading : problemText(list.problem, texts)}</p>
        {list.problem === null ? null : (
          <button type="button" onClick={list.reload}>
            {texts.retry}
          </button>
        )}
      </div>
    );
  return (
    <>
      <p class="list-state">
        <span class="figures">{texts.ticketList.total(list.window.total)}</span>
        {list.unsettled === 0 ? null : (
          <button type="button" class="anew" onClick={list.settle}>
            {texts.ticketList.changes(list.unsettled)}
          </button>
        )}
        {list.problem === null ? null : (
          <span class="problem" role="alert">
            {problemText(list.problem, texts)}
          </span>
        )}
        <span role="status" class="said">
          {said}
        </span>
        <span class="hint keys-hint">{texts.ticketList.keys}</span>
      </p>
      {rows.length === 0 ? (
        <Empty narrowed={Object.keys(shown.narrowed).length > 0} lane={shown.lane !== null} />
      ) : (
        <div class={judging === null ? 'ticket-list' : 'ticket-list judging'}>
          <TicketTable {...{ list, rows, now, mayJudge, chosen }} onChoose={setAsked} onHold={setHeld} />
          {judging === null ? null : <Judge lane={judging} ticket={atHand} now={now} onJudged={goOn} />}
        </div>
      )}
    </>
  );
}

function Empty({ narrowed, lane }: { readonly narrowed: boolean; readonly lane: boolean }) {
  const { tickets, ticketList } = useTexts();
  const [none, hint] = narrowed
    ? [ticketList.noneFound, ticketList.noneFoundHint]
    : lane
      ? [ticketList.laneEmpty, '']
      : [tickets.none, tickets.noneHint];
  return (
    <div class="nothing">
      <p>{none}</p>
      <p class="hint">{hint}</p>
    </div>
  );
}

function isJudging(lane: Shown['lane']): lane is JudgingLane {
  return lane === 'still_there' || lane === 'whole';
}

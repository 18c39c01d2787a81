/**
 * What the camera saw after a repair, large, beside what it saw at first: one key orders rework where the damage is still there, or
 * closes the ticket where the road is whole.
 */
import type { Ticket, TicketDetail } from '@roadwatch/contract/api';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { isForPage } from '../../shared/keys.ts';
import { at } from '../../shared/route/base.ts';
import { follow } from '../../shared/route/route.ts';
import { damageName } from '../../shared/texts/damage.ts';
import type { Texts } from '../../shared/texts/index.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { repairClock } from '../clock-view.ts';
import { Sights } from '../sights.tsx';
import { TicketClock } from '../ticket-clock.tsx';

export type JudgingLane = 'still_there' | 'whole';

interface Props {
  readonly lane: JudgingLane;
  readonly ticket: Ticket | null;
  readonly now: number;
  /** It has been judged. */
  readonly onJudged: (ticket: Ticket) => void;
}

export function Judge({ lane, ticket, now, onJudged }: Props) {
  const texts = useTexts();
  return (
    <section class="judge" aria-label={texts.lane[lane]}>
      {ticket === null ? (
        <div class="picture nothing">{texts.judge.choose}</div>
      ) : (
        <OnTicket key={ticket.id} {...{ lane, ticket, now }} onJudged={onJudged} />
      )}
    </section>
  );
}

interface OnTicketProps extends Omit<Props, 'ticket'> {
  readonly ticket: Ticket;
}

function OnTicket({ lane, ticket, now, onJudged }: OnTicketProps) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const { value: detail } = useLoaded(() => api.tickets.one(ticket.id), ['ticket'], ticket.id);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const reason = reasonFor(lane, ticket, texts);
  // What has not been seen is not judged.
  const command = lane === 'whole' ? 'close' : 'rework';
  const may = ticket.commands.includes(command);
  const ready = detail !== null && may && !busy && ticket.lane === lane;
  const judge = (): void => {
    if (!ready) return;
    setBusy(true);
    const fields = lane === 'whole' ? { reason, outcome: 'repaired' } : { reason };
    api.tickets.command(ticket, command, fields).then(onJudged, (error) => {
      setBusy(false);
      setProblem(problemOf(error));
    });
  };
  const latest = useRef(judge);
  latest.current = judge;
  useEffect(() => {
    const code = lane === 'whole' ? 'KeyC' : 'KeyR';
    const onKey = (event: KeyboardEvent): void => {
      if (event.code !== code || event.repeat || !isForPage(event)) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [lane]);
  const clock = repairClock(ticket);
  return (
    <>
      <header class="bar">
        <h2 class="figures">
          <a href={at(`/tickets/${ticket.id}`)} onClick={follow}>
            {ticket.number}
          </a>
        </h2>
        <span class={`tag ${ticket.damageClass}`}>{damageName(ticket.damageClass, language)}</span>
        <span>{ticket.cameraName[language]}</span>
        {clock === null ? null : <TicketClock clock={clock} now={now} />}
      </header>
      <Picture detail={detail} />
      <p class={`verdict ${lane === 'whole' ? 'pass' : 'fail'}`}>{reason}</p>
      {may ? (
        <p class="bar">
          <button type="button" class="primary" disabled={!ready} onClick={judge}>
            {lane === 'whole' ? texts.judge.close : texts.judge.rework}
            <kbd>{lane === 'whole' ? 'C' : 'R'}</kbd>
          </button>
          <a class="button" href={at(`/tickets/${ticket.id}`)} onClick={follow}>
            {texts.judge.otherwise}
          </a>
        </p>
      ) : null}
      <ProblemNote problem={problem} />
    </>
  );
}

function Picture({ detail }: { readonly detail: TicketDetail | null }) {
  const texts = useTexts();
  return detail === null ? <div class="picture nothing">{texts.loading}</div> : <Sights ticket={detail} />;
}

/** In words, for the unit and for the history. */
function reasonFor(lane: JudgingLane, { inspections }: Ticket, { judge }: Texts): string {
  const { seen = null, looked = null } = inspections.at(-1) ?? {};
  if (lane === 'whole') return looked === null ? judge.wholeShort : judge.whole(looked);
  return seen === null || looked === null ? judge.stillThereShort : judge.stillThere(seen, looked);
}

/** The order at hand: what is broken and where, by when, and who works on it. */
import type { TicketDetail } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import type { Problem } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { Place } from '../../shared/position.tsx';
import { at } from '../../shared/route/base.ts';
import { follow } from '../../shared/route/route.ts';
import { damageName } from '../../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { inOrder } from '../clock-view.ts';
import { Crews } from '../crews.tsx';
import { NextStep } from '../next-step.tsx';
import { Sights } from '../sights.tsx';
import { TicketClock } from '../ticket-clock.tsx';
import { TicketMark } from '../ticket-mark.tsx';
import { TakeOrder } from './take-order.tsx';

interface Props {
  readonly ticket: TicketDetail;
  readonly now: number;
  readonly onDone: (said: string) => void;
}

export function Order({ ticket, now, onDone }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <article class="order" aria-label={ticket.number}>
      <header class="bar">
        <h2 class="figures">{ticket.number}</h2>
        <TicketMark state={ticket.state} />
        <span class={`tag ${ticket.damageClass}`}>{damageName(ticket.damageClass, language)}</span>
        <a class="button" href={at(`/tickets/${ticket.id}`)} onClick={follow}>
          {texts.unitDesk.whole}
        </a>
      </header>
      <p class="clocks">
        {inOrder(ticket.clocks)
          .filter(({ state }) => state === 'running' || state === 'paused')
          .filter(({ kind }) => kind !== 'scene_look')
          .map((clock) => (
            <TicketClock key={clock.kind} clock={clock} now={now} />
          ))}
      </p>
      <NextStep ticket={ticket} />
      {/* What was begun here is of this version, and why it failed stays to be read; so does a link made below, shown only once. */}
      <TakeOrder key={ticket.version} ticket={ticket} onDone={onDone} onProblem={setProblem} />
      <ProblemNote problem={problem} />
      <Sights ticket={ticket} />
      <dl>
        <dt>{texts.tickets.place}</dt>
        <dd>
          {ticket.report?.address ?? ticket.cameraName[language]}{' '}
          {ticket.position === null ? null : <Place position={ticket.position} />}
        </dd>
        {ticket.note === null ? null : (
          <>
            <dt>{texts.tickets.note}</dt>
            <dd class="words">{ticket.note}</dd>
          </>
        )}
      </dl>
      <Crews ticket={ticket} now={now} />
    </article>
  );
}

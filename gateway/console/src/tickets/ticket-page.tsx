/** One ticket: the picture that caused it or the scene now, its clocks, what can be done with it, all that has happened. */

import type { TicketDetail } from '@roadwatch/contract/api';
import { Answer } from '../shared/answer.tsx';
import { at } from '../shared/base.ts';
import { useApi, useLoaded, useNow } from '../shared/hooks.ts';
import { useTexts } from '../shared/language.ts';
import { follow } from '../shared/route.ts';
import { inTurn } from './clock-view.ts';
import { Commands } from './commands.tsx';
import { DeliveryMark } from './delivery-mark.tsx';
import { History } from './history.tsx';
import { InspectionList } from './inspection-list.tsx';
import { NextStep } from './next-step.tsx';
import { ProofMark } from './proof-mark.tsx';
import { Scene } from './scene.tsx';
import { TicketClock } from './ticket-clock.tsx';
import { TicketFacts } from './ticket-facts.tsx';
import { TicketMark } from './ticket-mark.tsx';
import { Undelivered } from './undelivered.tsx';

interface Props {
  readonly id: string;
  /** Shows the camera's live view. */
  readonly scene: boolean;
  /** Whether this person may see cameras and alerts. */
  readonly city: boolean;
}

export function TicketPage({ id, scene, city }: Props) {
  const texts = useTexts();
  const api = useApi();
  const loaded = useLoaded(() => api.ticket(id), ['ticket'], id);
  return (
    <section class="page">
      <nav class="bar">
        <a href={at('/tickets')} onClick={follow}>
          ← {texts.back}
        </a>
      </nav>
      <Answer loaded={loaded} empty={false} none="" noneHint="">
        {loaded.value === null ? null : (
          <Detail ticket={loaded.value} scene={scene} city={city} onDone={loaded.reload} />
        )}
      </Answer>
    </section>
  );
}

interface DetailProps {
  readonly ticket: TicketDetail;
  readonly scene: boolean;
  readonly city: boolean;
  readonly onDone: () => void;
}

function Detail({ ticket, scene, city, onDone }: DetailProps) {
  const texts = useTexts();
  const now = useNow();
  return (
    <div class="ticket">
      <div class="column">
        <header class="bar">
          <h1 class="figures">{ticket.number}</h1>
          <TicketMark state={ticket.state} />
          <ProofMark ticket={ticket} />
          <DeliveryMark delivery={ticket.delivery} />
        </header>
        <NextStep ticket={ticket} />
        {city ? <Undelivered delivery={ticket.delivery} onDone={onDone} /> : null}
        <p class="clocks">
          {ticket.clocks.length === 0 ? <span class="hint">{texts.clockState.waiting}</span> : null}
          {inTurn(ticket.clocks).map((clock) => (
            <TicketClock key={clock.kind} clock={clock} now={now} />
          ))}
        </p>
        {ticket.recallUntil === null ? null : <p class="hint">{texts.tickets.recallUntil}</p>}
        <Commands ticket={ticket} onDone={onDone} />
        <InspectionList inspections={ticket.inspections} now={now} />
        <TicketFacts ticket={ticket} />
        <h2>{texts.tickets.log}</h2>
        <History entries={ticket.history} unit={ticket.unit} />
      </div>
      {city ? <Scene ticket={ticket} scene={scene} now={now} /> : null}
    </div>
  );
}

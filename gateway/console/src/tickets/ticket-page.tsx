/** One ticket: the picture that caused it or the scene now, its clocks, what can be done with it, all that has happened. */

import type { TicketDetail } from '@roadwatch/contract/api';
import { LoadedPage } from '../shared/api/loaded-page.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { at } from '../shared/route/base.ts';
import { follow } from '../shared/route/route.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useNow } from '../shared/time/use-now.ts';
import { inOrder } from './clock-view.ts';
import { Commands } from './commands.tsx';
import { Crews } from './crews.tsx';
import { DeliveryMark } from './delivery-mark.tsx';
import { Extensions } from './extensions.tsx';
import { History } from './history.tsx';
import { InspectionList } from './inspection-list.tsx';
import { InspectionMark } from './inspection-mark.tsx';
import { NextStep } from './next-step.tsx';
import { Scene } from './scene.tsx';
import { SceneLooks } from './scene-looks.tsx';
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
  /** Whether this person says what they see at a scene. */
  readonly mayJudge: boolean;
}

export function TicketPage({ id, scene, city, mayJudge }: Props) {
  const texts = useTexts();
  const api = useApi();
  const loaded = useLoaded(() => api.tickets.one(id), ['ticket'], id);
  return (
    <section class="page">
      <nav class="bar">
        <a href={at('/tickets')} onClick={follow}>
          ← {texts.back}
        </a>
      </nav>
      <LoadedPage loaded={loaded} empty={false} none="" noneHint="">
        {loaded.value === null ? null : (
          <Detail
            ticket={loaded.value}
            scene={scene}
            city={city}
            mayJudge={mayJudge}
            onDone={loaded.reload}
          />
        )}
      </LoadedPage>
    </section>
  );
}

interface DetailProps {
  readonly ticket: TicketDetail;
  readonly scene: boolean;
  readonly city: boolean;
  readonly mayJudge: boolean;
  readonly onDone: () => void;
}

function Detail({ ticket, scene, city, mayJudge, onDone }: DetailProps) {
  const texts = useTexts();
  const now = useNow();
  return (
    <div class="ticket">
      <div class="column">
        <header class="bar">
          <h1 class="figures">{ticket.number}</h1>
          <TicketMark state={ticket.state} />
          <InspectionMark ticket={ticket} />
          <DeliveryMark delivery={ticket.delivery} />
        </header>
        <NextStep ticket={ticket} />
        {city ? <Undelivered delivery={ticket.delivery} onDone={onDone} /> : null}
        <p class="clocks">
          {ticket.clocks.length === 0 ? <span class="hint">{texts.clockState.waiting}</span> : null}
          {inOrder(ticket.clocks).map((clock) => (
            <TicketClock key={clock.kind} clock={clock} now={now} />
          ))}
        </p>
        {ticket.recallUntil === null ? null : <p class="hint">{texts.tickets.recallUntil}</p>}
        <Extensions ticket={ticket} />
        <SceneLooks ticket={ticket} now={now} />
        <Commands ticket={ticket} onDone={onDone} />
        <Crews ticket={ticket} now={now} />
        <InspectionList inspections={ticket.inspections} now={now} />
        <TicketFacts ticket={ticket} />
        <h2>{texts.tickets.log}</h2>
        <History entries={ticket.history} unit={ticket.unit} />
      </div>
      <Scene ticket={ticket} scene={scene} now={now} city={city} mayJudge={mayJudge} />
    </div>
  );
}

/** One ticket: the picture that caused it or the scene now, its clocks, what can be done with it, all that has happened. */
import { useState } from 'preact/hooks';
import { EvidenceView } from '../desk/evidence-view.tsx';
import { LivePane } from '../live/live-pane.tsx';
import { Answer } from '../shared/answer.tsx';
import { type Problem, problemOf } from '../shared/api.ts';
import { damageName } from '../shared/damage.ts';
import { sayProblem, useApi, useLoaded, useNow } from '../shared/hooks.ts';
import { useLanguage, useTexts } from '../shared/language.ts';
import { personOf } from '../shared/person.ts';
import { Place } from '../shared/place-text.tsx';
import { follow, navigate } from '../shared/route.ts';
import { named } from '../shared/texts/index.ts';
import { clockTime } from '../shared/time.ts';
import type { TicketDetail } from '../shared/types.ts';
import { inTurn, sceneLookDue } from './clock-view.ts';
import { CommandForm } from './command-form.tsx';
import { DeliveryMark } from './delivery-mark.tsx';
import { History } from './history.tsx';
import { TicketClock } from './ticket-clock.tsx';
import { TicketMark } from './ticket-mark.tsx';

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
        <a href="/tickets" onClick={follow}>
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
          <DeliveryMark delivery={ticket.delivery} />
        </header>
        <p class="clocks">
          {ticket.clocks.length === 0 ? <span class="hint">{texts.clockState.waiting}</span> : null}
          {inTurn(ticket.clocks).map((clock) => (
            <TicketClock key={clock.kind} clock={clock} now={now} />
          ))}
        </p>
        {ticket.recallUntil === null ? null : <p class="hint">{texts.tickets.recallUntil}</p>}
        <Commands ticket={ticket} onDone={onDone} />
        <Facts ticket={ticket} />
        <h2>{texts.tickets.log}</h2>
        <History entries={ticket.history} />
      </div>
      {city ? <Sight ticket={ticket} scene={scene} now={now} /> : null}
    </div>
  );
}

interface SightProps {
  readonly ticket: TicketDetail;
  readonly scene: boolean;
  readonly now: number;
}

function Sight({ ticket, scene, now }: SightProps) {
  const texts = useTexts();
  const here = `/tickets/${ticket.id}`;
  return (
    <div class="sight">
      <a
        class={sceneLookDue(ticket, now) ? 'button primary' : 'button'}
        href={scene ? here : `${here}/scene`}
        onClick={follow}
      >
        {scene ? texts.tickets.sceneHidden : texts.tickets.lookAtScene}
      </a>
      {scene ? (
        <LivePane camera={ticket} name={ticket.cameraName} onClose={() => navigate(here)} />
      ) : (
        <Cause alertId={ticket.alertId} />
      )}
    </div>
  );
}

function Cause({ alertId }: { readonly alertId: string }) {
  const api = useApi();
  const { value: alert } = useLoaded(() => api.alert(alertId), ['alert'], alertId);
  const look = { withBox: true, zoomed: false, clip: false };
  return alert === null ? <div class="picture" /> : <EvidenceView alert={alert} look={look} />;
}

function Commands({ ticket, onDone }: { readonly ticket: TicketDetail; readonly onDone: () => void }) {
  const texts = useTexts();
  const api = useApi();
  const [command, setCommand] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const carryOut = (more: { reason?: string; outcome?: string; unitId?: string }): void => {
    if (command === null) return;
    api.command(ticket, command, more).then(
      () => {
        setCommand(null);
        setProblem(null);
        onDone();
      },
      (error) => {
        setProblem(problemOf(error));
        onDone();
      },
    );
  };
  return (
    <>
      <h2>{texts.tickets.do}</h2>
      {ticket.commands.length === 0 ? <p class="hint">{texts.tickets.nothingToDo}</p> : null}
      <div class="bar commands">
        {ticket.commands.map((name) => (
          <button key={name} type="button" aria-pressed={command === name} onClick={() => setCommand(name)}>
            {named(texts.command, name)}
          </button>
        ))}
      </div>
      {command === null ? null : (
        <CommandForm key={command} command={command} onSubmit={carryOut} onCancel={() => setCommand(null)} />
      )}
      {problem === null ? null : (
        <p class="problem" role="alert">
          {sayProblem(problem, texts)}
        </p>
      )}
    </>
  );
}

function Facts({ ticket }: { readonly ticket: TicketDetail }) {
  const { tickets: texts, outcome } = useTexts();
  const language = useLanguage();
  return (
    <>
      <h2>{texts.what}</h2>
      <dl>
        <dt>{texts.damage}</dt>
        <dd>
          <span class={`tag ${ticket.damageClass}`}>{damageName(ticket.damageClass, language)}</span>
        </dd>
        <dt>{texts.unit}</dt>
        <dd>{ticket.unit.name[language]}</dd>
        <dt>{texts.camera}</dt>
        <dd>{ticket.cameraName[language]}</dd>
        {ticket.position === null ? null : (
          <>
            <dt>{texts.place}</dt>
            <dd class="figures">
              <Place position={ticket.position} />
            </dd>
          </>
        )}
        <dt>{texts.opened}</dt>
        <dd class="figures">{clockTime(ticket.createdAt)}</dd>
        <dt>{texts.openedBy}</dt>
        <dd>{personOf(ticket.createdBy)}</dd>
        {ticket.outcome === null ? null : (
          <>
            <dt>{texts.outcome}</dt>
            <dd>{named(outcome, ticket.outcome)}</dd>
          </>
        )}
      </dl>
    </>
  );
}

/** One ticket in the list, with its clocks; when its scene is to be looked at it offers that, and opens the camera where it stands. */
import type { Clock } from '@roadwatch/contract/api';
import { LivePane } from '../../live/live-pane.tsx';
import { at } from '../../shared/route/base.ts';
import { follow } from '../../shared/route/route.ts';
import { damageName } from '../../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';
import { isOverdue, repairClock, responseClock, sceneLookDue } from '../clock-view.ts';
import { DeliveryMark } from '../delivery-mark.tsx';
import { InspectionMark } from '../inspection-mark.tsx';
import { SceneAnswers } from '../scene-answers.tsx';
import { SceneHintView } from '../scene-hint.tsx';
import { TicketClock } from '../ticket-clock.tsx';
import { TicketMark } from '../ticket-mark.tsx';
import type { TicketRow } from './window.ts';

export interface LineProps {
  readonly row: TicketRow;
  readonly now: number;
  readonly chosen: boolean;
  /** Whether its scene is open. */
  readonly scene: boolean;
  /** Whether this person says what they see there. */
  readonly mayJudge: boolean;
  readonly onChoose: () => void;
  readonly onScene: (open: boolean) => void;
}

export function TicketLine(props: LineProps) {
  const { row, now, chosen, scene, onChoose, onScene } = props;
  const { ticket, gone } = row;
  const texts = useTexts();
  const language = useLanguage();
  const clock = (found: Clock | null) =>
    found === null ? <span class="hint">–</span> : <TicketClock clock={found} now={now} />;
  return (
    <>
      <tr
        class={gone ? 'gone' : isOverdue(ticket, now) ? 'overdue' : ''}
        aria-current={chosen ? 'true' : undefined}
        data-ticket={ticket.id}
        onClick={onChoose}
      >
        <td class="figures">
          <a href={at(`/tickets/${ticket.id}`)} onClick={follow}>
            {ticket.number}
          </a>
        </td>
        <td>
          {gone ? (
            <span class="mark over">{texts.ticketList.movedOn}</span>
          ) : (
            <TicketMark state={ticket.state} />
          )}
          <InspectionMark ticket={ticket} />
          <DeliveryMark delivery={ticket.delivery} />
        </td>
        <td>
          <div class="response">
            {clock(responseClock(ticket))}
            {!gone && sceneLookDue(ticket, now) ? (
              <button type="button" class="look" aria-expanded={scene} onClick={() => onScene(!scene)}>
                {texts.tickets.lookAtScene}
              </button>
            ) : null}
          </div>
        </td>
        <td>{clock(repairClock(ticket))}</td>
        <td>
          <span class={`tag ${ticket.damageClass}`}>{damageName(ticket.damageClass, language)}</span>
        </td>
        <td>{ticket.cameraName[language]}</td>
        <td>{ticket.unit.name[language]}</td>
        <td class="figures">{texts.ago(age(ticket.createdAt, now, language))}</td>
      </tr>
      {scene ? <SceneRow {...props} /> : null}
    </>
  );
}

function SceneRow({ row: { ticket }, now, mayJudge, onScene }: LineProps) {
  const close = (): void => onScene(false);
  return (
    <tr class="scene-row">
      <td colSpan={8}>
        <div class="scene-at-row">
          <LivePane camera={ticket} name={ticket.cameraName} onClose={close} />
          <div class="beside-live">
            {mayJudge ? <SceneAnswers ticket={ticket} onAnswered={close} /> : null}
            <SceneHintView hint={ticket.sceneHint} now={now} />
          </div>
        </div>
      </td>
    </tr>
  );
}

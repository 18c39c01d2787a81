/** The pictures of a ticket beside each other, or the scene as it is now, with the question whether the crew has come. */
import type { TicketDetail } from '@roadwatch/contract/api';
import { LivePane } from '../live/live-pane.tsx';
import { at } from '../shared/route/base.ts';
import { follow, navigate } from '../shared/route/route.ts';
import { useTexts } from '../shared/texts/language.ts';
import { hasScene, sceneLookDue } from './clock-view.ts';
import { SceneAnswers } from './scene-answers.tsx';
import { SceneHintView } from './scene-hint.tsx';
import { Sights } from './sights.tsx';

interface Props {
  readonly ticket: TicketDetail;
  readonly scene: boolean;
  readonly now: number;
  /** Whether this person may watch cameras. */
  readonly city: boolean;
  /** Whether this person says what they see there. */
  readonly mayJudge: boolean;
}

export function Scene({ ticket, scene, now, city, mayJudge }: Props) {
  const texts = useTexts();
  const here = at(`/tickets/${ticket.id}`);
  const live = city && ticket.camera !== '';
  return (
    <div class="scene">
      {live ? (
        <a
          class={sceneLookDue(ticket, now) ? 'button primary' : 'button'}
          href={scene ? here : `${here}/scene`}
          onClick={follow}
        >
          {scene ? texts.tickets.sceneHidden : texts.tickets.lookAtScene}
        </a>
      ) : null}
      {scene && live ? (
        <>
          <LivePane camera={ticket} name={ticket.cameraName} onClose={() => navigate(here)} />
          {mayJudge && hasScene(ticket) ? (
            <SceneAnswers ticket={ticket} onAnswered={() => navigate(here)} />
          ) : null}
          <SceneHintView hint={ticket.sceneHint} now={now} />
        </>
      ) : (
        <Sights ticket={ticket} />
      )}
    </div>
  );
}

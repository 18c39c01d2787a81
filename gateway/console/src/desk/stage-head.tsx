/** Above the picture: which camera, when, and how to look at it. */

import type { Alert, AlertPicture } from '@roadwatch/contract/api';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { type Act, ActionButton } from './action-button.tsx';
import { BOX, CLIP, EARLIER, LIVE, ZOOM } from './actions.ts';
import type { DeskState } from './desk-state.ts';

const VIEWS = [BOX, ZOOM, CLIP, EARLIER, LIVE];

interface Props {
  readonly alert: Alert;
  readonly shown: AlertPicture | null;
  readonly state: DeskState;
  readonly now: number;
  readonly onAct: Act;
}

export function StageHead({ alert, shown, state, now, onAct }: Props) {
  const { capturedAt, evidence } = useTexts();
  const language = useLanguage();
  const { shortTime } = useWallClock();
  const picture = shown?.evidence.find(({ available }) => available);
  return (
    <header class="stage-head">
      <h2>{alert.cameraName[language]}</h2>
      <span class="hint figures">
        {picture === undefined ? null : capturedAt(shortTime(picture.capturedAt, now))}
      </span>
      <span class="gap" />
      {alert.report !== null ? null : (
        <span class="group" role="toolbar" aria-label={evidence}>
          {VIEWS.map((action) => (
            <ActionButton key={action.name} action={action} state={state} now={now} onAct={onAct} />
          ))}
        </span>
      )}
    </header>
  );
}

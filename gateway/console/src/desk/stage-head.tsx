/** Above the picture: which camera, when, and how to look at it. */
import { useLanguage, useTexts } from '../shared/language.ts';
import type { Alert, AlertPicture } from '../shared/types.ts';
import { useWallClock } from '../shared/wall-clock.ts';
import type { EvidenceLook } from './evidence-view.tsx';
import { KeyButton } from './key-button.tsx';
import type { DeskAction } from './keys.ts';

interface Props {
  readonly alert: Alert;
  readonly shown: AlertPicture | null;
  readonly look: EvidenceLook;
  readonly live: boolean;
  readonly now: number;
  readonly onAction: (action: DeskAction) => void;
}

export function StageHead({ alert, shown, look, live, now, onAction }: Props) {
  const { actions, capturedAt, evidence } = useTexts();
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
          <KeyButton
            kind="overlay"
            label={actions.overlay}
            cap="O"
            pressed={look.withBox}
            onAction={onAction}
          />
          <KeyButton kind="zoom" label={actions.zoom} cap="Z" pressed={look.zoomed} onAction={onAction} />
          <KeyButton kind="clip" label={actions.clip} cap="V" pressed={look.clip} onAction={onAction} />
          <KeyButton kind="live" label={actions.live} cap="L" pressed={live} onAction={onAction} />
        </span>
      )}
    </header>
  );
}

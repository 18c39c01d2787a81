/** The current alert: its picture, clip or live view, and what can be done with it. */

import type { Alert } from '@roadwatch/contract/api';
import { useCallback } from 'preact/hooks';
import { EvidenceView } from '../evidence/evidence-view.tsx';
import { PictureSources, pictureShown } from '../evidence/picture-sources.tsx';
import { LiveView } from '../live/live-view.tsx';
import { ActionBar } from './action-bar.tsx';
import type { Act } from './action-button.tsx';
import { DeniedNote } from './denied-note.tsx';
import type { DeskEvent } from './desk-events.ts';
import { type DeskState, isGone } from './desk-state.ts';
import { EarlierView } from './earlier-view.tsx';
import { JudgedElsewhere } from './judged-elsewhere.tsx';
import { StageHead } from './stage-head.tsx';

interface Props {
  readonly alert: Alert;
  readonly state: DeskState;
  readonly now: number;
  readonly onAct: Act;
  readonly onEvent: (event: DeskEvent) => void;
}

export function Stage({ alert, state, now, onAct, onEvent }: Props) {
  const { shows, withBox, zoomed, source } = state.view;
  const shown = pictureShown(alert, source);
  const before = state.earlier.find(({ id }) => id === state.view.earlier);
  const onSeen = useCallback(() => onEvent({ kind: 'saw', id: alert.id }), [alert.id, onEvent]);
  return (
    <>
      <StageHead alert={alert} shown={shown} state={state} now={now} onAct={onAct} />
      {shows === 'live' ? (
        <LiveView
          key={alert.id}
          camera={alert}
          name={alert.cameraName}
          onClose={() => onEvent({ kind: 'viewed', set: { shows: 'still' } })}
        />
      ) : before !== undefined ? (
        <EarlierView alert={before} now={now} withBox={withBox} />
      ) : (
        <>
          <PictureSources
            alert={alert}
            shown={shown}
            onShow={(alertId) => onEvent({ kind: 'viewed', set: { source: alertId } })}
          />
          <EvidenceView
            key={alert.id}
            alert={alert}
            shown={shown}
            options={{ withBox, zoomed, clip: shows === 'clip' }}
            onSeen={onSeen}
          />
        </>
      )}
      {isGone(state) ? <JudgedElsewhere id={alert.id} /> : null}
      <DeniedNote denied={state.denied} />
      <ActionBar {...{ state, now, onAct, onEvent }} />
    </>
  );
}

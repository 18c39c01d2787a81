/**
 * The operator's desk: the queue on the left, the picture in the middle, what is known on the right. A verdict takes one key,
 * can be taken back, and brings the next alert at once; what arrives meanwhile never moves the current one.
 */

import type { User } from '@roadwatch/contract/api';
import { WaitingNote } from '../outbox/waiting-note.tsx';
import { damageName } from '../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useNow } from '../shared/time/use-now.ts';
import { DeniedNote } from './denied-note.tsx';
import { AlertFacts } from './facts/alert-facts.tsx';
import { Help } from './help.tsx';
import { QueueList } from './queue-list.tsx';
import { RecallBar } from './recall-bar.tsx';
import { Stage } from './stage.tsx';
import { useAct } from './use-act.ts';
import { useDesk } from './use-desk.ts';
import { useDeskKeys } from './use-desk-keys.ts';
import { usePreloadedPictures } from './use-preloaded-pictures.ts';
import { useTitle } from './use-title.ts';

export function Desk({ user }: { readonly user: User }) {
  const texts = useTexts();
  const language = useLanguage();
  const now = useNow();
  const desk = useDesk(user, now);
  const { act, perform } = useAct(desk);
  const { state, latest, dispatch, failed } = desk;
  const { queue, current, announced } = state;
  useDeskKeys(latest, act, dispatch);
  useTitle(queue.length + state.waiting);
  usePreloadedPictures(queue, current?.id ?? null);
  return (
    <div class="desk">
      <QueueList state={state} now={now} onEvent={dispatch} />
      <section class="stage" aria-label={texts.evidence} data-ready={state.ready}>
        <span class="unseen" aria-live="polite">
          {announced === null
            ? ''
            : texts.announce(damageName(announced.damageClass, language), announced.cameraName[language])}
        </span>
        {current === null ? (
          <div class="nothing">
            <DeniedNote denied={state.denied} />
            <p>
              {state.listed !== null ? texts.queueEmpty : failed ? texts.problems.network : texts.loading}
            </p>
            {state.listed === null ? null : <p class="hint">{texts.queueEmptyHint}</p>}
          </div>
        ) : (
          <Stage alert={current} state={state} now={now} onAct={act} onEvent={dispatch} />
        )}
        <WaitingNote user={user} />
        <RecallBar state={state} now={now} onAct={act} onEvent={perform} />
      </section>
      {current === null ? (
        <aside class="facts" aria-label={texts.alertFacts} />
      ) : (
        <AlertFacts alert={current} user={user} now={now} />
      )}
      {state.help ? <Help onClose={() => dispatch({ kind: 'help_turned', open: false })} /> : null}
    </div>
  );
}

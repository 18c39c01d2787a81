/** The operator's desk: what waits, the alert at hand and what can be done with it, and what is known about its place. */
import type { User } from '@roadwatch/contract/api';
import { useCallback, useMemo } from 'preact/hooks';
import { WaitingNote } from '../outbox/waiting-note.tsx';
import type { Problem } from '../shared/api/problem.ts';
import { problemText } from '../shared/api/problem-text.ts';
import { mayJudge } from '../shared/person.ts';
import { useSearch } from '../shared/route/route.ts';
import { damageName } from '../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useNow } from '../shared/time/use-now.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { DeniedNote } from './denied-note.tsx';
import type { DeskState } from './desk-state.ts';
import { AlertFacts } from './facts/alert-facts.tsx';
import { filterBy } from './filter/filter.ts';
import { Help } from './help.tsx';
import { QueuePanel } from './queue/queue-panel.tsx';
import { useQueue } from './queue/use-queue.ts';
import { RecallBar } from './recall-bar.tsx';
import { Stage } from './stage.tsx';
import { useAct } from './use-act.ts';
import { useAsked } from './use-asked.ts';
import { BindingsContext, useKeptBindings } from './use-bindings.ts';
import { useDesk } from './use-desk.ts';
import { useDeskKeys } from './use-desk-keys.ts';
import { usePlace } from './use-place.ts';
import { usePreloadedPictures } from './use-preloaded-pictures.ts';
import { useTitle } from './use-title.ts';

interface Props {
  readonly user: User;
  /** The alert that the address names; null: what comes next. */
  readonly asked: string | null;
}

export function Desk({ user, asked }: Props) {
  return (
    <BindingsContext.Provider value={useKeptBindings()}>
      <DeskWithKeys user={user} asked={asked} />
    </BindingsContext.Provider>
  );
}

function DeskWithKeys({ user, asked }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const now = useNow();
  const search = useSearch();
  const wall = useWallClock();
  const filter = useMemo(() => filterBy(search, wall), [search, wall]);
  const desk = useDesk(user, filter, now);
  const found = useQueue(filter.search === '' ? null : filter.query);
  const whole = useQueue('');
  const queue = filter.search === '' ? whole : found;
  const { act, perform } = useAct(desk, queue);
  const { state, latest, dispatch, problem } = desk;
  const { current, waiting } = state;
  const { total } = queue.rows;
  const { announced } = whole.rows;
  useDeskKeys(latest, act, dispatch);
  useTitle(whole.rows.total ?? waiting ?? 0);
  usePreloadedPictures(current, state.ahead);
  usePlace(current, dispatch);
  const link = useAsked(asked, dispatch);
  return (
    <div class="desk">
      <QueuePanel
        {...{ queue, whole, state, now }}
        onTake={useCallback((alert) => dispatch({ kind: 'took', alert }), [dispatch])}
        onAct={act}
      />
      <section class="stage" aria-label={texts.evidence} data-ready={state.ready}>
        <span class="unseen" aria-live="polite">
          {announced === null
            ? ''
            : texts.announce(damageName(announced.damageClass, language), announced.cameraName[language])}
        </span>
        {current === null ? (
          <div class="nothing">
            <DeniedNote denied={state.denied} />
            <NothingAtHand state={state} total={total} problem={problem ?? queue.problem} />
          </div>
        ) : (
          <Stage alert={current} state={state} now={now} onAct={act} onEvent={perform} />
        )}
        {link.problem === null ? null : (
          <p class="unsent" role="alert">
            {texts.notOpened(problemText(link.problem, texts))}
            <button type="button" onClick={link.onRead}>
              {texts.close}
            </button>
          </p>
        )}
        <WaitingNote user={user} />
        <RecallBar state={state} now={now} onAct={act} onEvent={perform} />
      </section>
      {current === null ? (
        <aside class="facts" aria-label={texts.alertFacts} />
      ) : (
        <AlertFacts alert={current} state={state} now={now} onEvent={perform} />
      )}
      {state.help ? <Help onClose={() => dispatch({ kind: 'help_turned', open: false })} /> : null}
    </div>
  );
}

interface NothingProps {
  readonly state: DeskState;
  /** Of the list; for those who only look. */
  readonly total: number | null;
  readonly problem: Problem | null;
}

/** Nothing waits, or all of it is at other desks, or that is not known. */
function NothingAtHand({ state: { user, filter, waiting, delivery }, total, problem }: NothingProps) {
  const texts = useTexts();
  if (delivery !== null) return <p>{problemText(delivery, texts)}</p>;
  if (problem !== null) return <p>{problemText(problem, texts)}</p>;
  if ((filter.looks || !mayJudge(user)) && total !== null && total > 0) return <p>{texts.takeFromList}</p>;
  const known = mayJudge(user) && !filter.looks ? waiting : total;
  if (known === null) return <p>{texts.loading}</p>;
  if (filter.search !== '' && known === 0)
    return (
      <>
        <p>{filter.looks ? texts.finding.nothing : texts.finding.noneWaits}</p>
        <p class="hint">{texts.finding.nothingHint}</p>
      </>
    );
  return (
    <>
      <p>{known === 0 ? texts.queueEmpty : texts.allWithOthers(known)}</p>
      <p class="hint">{texts.queueEmptyHint}</p>
    </>
  );
}

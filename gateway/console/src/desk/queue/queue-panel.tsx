/** The left of the desk: how much waits, and the list of it. */
import type { Alert } from '@roadwatch/contract/api';
import { mayJudge } from '../../shared/person.ts';
import { useTexts } from '../../shared/texts/language.ts';
import { type Act, ActionButton } from '../action-button.tsx';
import { BATCH, FIND } from '../actions.ts';
import type { DeskState } from '../desk-state.ts';
import { FilterForm } from '../filter/filter-form.tsx';
import { FilterWords } from '../filter/filter-words.tsx';
import { InterruptionBar } from '../interruptions/interruption-bar.tsx';
import { useInterruptions } from '../interruptions/use-interruptions.ts';
import { QueueList } from './queue-list.tsx';
import type { Queue } from './use-queue.ts';

interface Props {
  readonly queue: Queue;
  /** All that waits, whatever this desk looks for. */
  readonly whole: Queue;
  readonly state: DeskState;
  readonly now: number;
  readonly onTake: (alert: Alert) => void;
  readonly onAct: Act;
}

export function QueuePanel({ queue, whole, state, now, onTake, onAct }: Props) {
  const texts = useTexts();
  const { total } = queue.rows;
  // What is dangerous interrupts also those who look for something else.
  const interruptions = useInterruptions(whole.rows.announced);
  const { filter, finding } = state;
  return (
    <section class="queue" aria-label={texts.queue}>
      <header>
        <h2>{filter.looks ? texts.finding.found : texts.queue}</h2>
        <span class="count figures">{total ?? ''}</span>
        <span class="gap" />
        <ActionButton action={FIND} state={state} now={now} onAct={onAct} />
      </header>
      {filter.search === '' ? null : (
        <FilterWords state={state} now={now} whole={whole.rows.total} onAct={onAct} />
      )}
      {finding ? <FilterForm filter={filter} onClose={() => onAct(FIND)} /> : null}
      <QueueList
        queue={queue}
        user={state.user}
        current={state.current?.id ?? null}
        judged={state.judged}
        now={now}
        onTake={onTake}
      />
      {mayJudge(state.user) ? (
        <p class="queue-act">
          <ActionButton action={BATCH} state={state} now={now} onAct={onAct} />
        </p>
      ) : null}
      <p class="hint">{texts.queueOrder}</p>
      <InterruptionBar interruptions={interruptions} now={now} />
    </section>
  );
}

/** The left of the desk: how much waits, and the list of it. */
import type { Alert } from '@roadwatch/contract/api';
import { useTexts } from '../../shared/texts/language.ts';
import type { DeskState } from '../desk-state.ts';
import { InterruptionBar } from '../interruptions/interruption-bar.tsx';
import { useInterruptions } from '../interruptions/use-interruptions.ts';
import { QueueList } from './queue-list.tsx';
import type { Queue } from './use-queue.ts';

interface Props {
  readonly queue: Queue;
  readonly state: DeskState;
  readonly now: number;
  readonly onTake: (alert: Alert) => void;
}

export function QueuePanel({ queue, state, now, onTake }: Props) {
  const texts = useTexts();
  const { total, announced } = queue.rows;
  const interruptions = useInterruptions(announced);
  return (
    <section class="queue" aria-label={texts.queue}>
      <header>
        <h2>{texts.queue}</h2>
        <span class="count figures">{total ?? ''}</span>
      </header>
      <QueueList
        queue={queue}
        user={state.user}
        current={state.current?.id ?? null}
        judged={state.judged}
        now={now}
        onTake={onTake}
      />
      <p class="hint">{texts.queueOrder}</p>
      <InterruptionBar interruptions={interruptions} now={now} />
    </section>
  );
}

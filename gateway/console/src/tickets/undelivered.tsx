/** An order that the unit's own system has not taken: why, in its words, and when or how it is sent again. */

import type { Ticket } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { problemText } from '../shared/api/problem-text.ts';
import { useApi } from '../shared/api/use-api.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';

interface Props extends Pick<Ticket, 'delivery'> {
  readonly onDone: () => void;
}

export function Undelivered({ delivery, onDone }: Props) {
  const texts = useTexts();
  const { clockTime } = useWallClock();
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  if (delivery === null || delivery.error === null) return null;
  if (delivery.state !== 'dead' && delivery.state !== 'pending') return null;
  const send = (): void => {
    api.tickets.sendAgain(delivery.id).then(onDone, (error) => setProblem(problemOf(error)));
  };
  return (
    <p class="bar">
      <span class="words" lang="en">
        {delivery.error}
      </span>
      {delivery.nextAttemptAt === null ? (
        <button type="button" onClick={send}>
          {texts.delivery.again}
        </button>
      ) : (
        <span class="hint">{texts.delivery.next(clockTime(delivery.nextAttemptAt))}</span>
      )}
      {problem === null ? null : (
        <span class="problem" role="alert">
          {problemText(problem, texts)}
        </span>
      )}
    </p>
  );
}

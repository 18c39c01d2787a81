/** Rollouts, the newest first, and of the one that is open how far each box is. */
import type { RolloutView } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { personName } from '../settings/person-name.ts';
import { useWhen } from '../settings/use-when.ts';
import { useAdminTexts } from '../texts/index.ts';
import { RolloutBoxes } from './rollout-boxes.tsx';

const MARKS = { running: 'warn', paused: 'warn', halted: 'bad', done: 'good', cancelled: '' } as const;
const ORDERS = {
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  halted: ['resume', 'cancel'],
  done: ['cancel'],
  cancelled: [],
} as const;

export function Rollouts() {
  const { fleet } = useAdminTexts();
  const api = useApi();
  const { value, problem } = useLoaded(() => api.fleet.rollouts(), ['fleet'], 'rollouts');
  const [open, setOpen] = useState<string | null>(null);
  if (value === null || value.length === 0) return <ProblemNote problem={problem} />;
  const shown = open ?? value[0]?.id ?? null;
  return (
    <>
      <h2>{fleet.rollouts}</h2>
      <ProblemNote problem={problem} />
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>{fleet.release}</th>
              <th>{fleet.mode}</th>
              <th>{fleet.targets}</th>
              <th>{fleet.begun}</th>
              <th>{fleet.state}</th>
              <th>{fleet.progress}</th>
              <th>{fleet.actions}</th>
            </tr>
          </thead>
          <tbody>
            {value.map((rollout) => (
              <Row
                key={rollout.id}
                rollout={rollout}
                isOpen={rollout.id === shown}
                onOpen={() => setOpen(rollout.id)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {shown === null ? null : <RolloutBoxes key={shown} id={shown} />}
    </>
  );
}

interface RowProps {
  readonly rollout: RolloutView;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

function Row({ rollout, isOpen, onOpen }: RowProps) {
  const texts = useAdminTexts();
  const { fleet } = texts;
  const api = useApi();
  const when = useWhen();
  const [problem, setProblem] = useState<Problem | null>(null);
  const { id, release, mode, targets, state, counts, createdAt, createdBy } = rollout;
  const give = (order: 'pause' | 'resume' | 'cancel'): void => {
    if (order === 'cancel' && !confirm(fleet.cancelSure)) return;
    setProblem(null);
    api.fleet.order(id, order).catch((error) => setProblem(problemOf(error)));
  };
  return (
    <tr aria-current={isOpen ? 'true' : undefined}>
      <td class="name">
        <button type="button" class="quiet" aria-pressed={isOpen} onClick={onOpen}>
          {release.name} {release.version}
        </button>
      </td>
      <td>{fleet.modes[mode]}</td>
      <td class="topic">{targets.join(' ')}</td>
      <td class="figures">
        {when(createdAt)}
        <small>{personName(createdBy, texts)}</small>
      </td>
      <td>
        <span class={`mark ${MARKS[state]}`}>{fleet.states[state]}</span>
      </td>
      <td class="figures">{fleet.counts(counts)}</td>
      <td class="orders-of">
        {ORDERS[state].map((order) => (
          <button key={order} type="button" onClick={() => give(order)}>
            {fleet.orders[order]}
          </button>
        ))}
        <ProblemNote problem={problem} />
      </td>
    </tr>
  );
}

/** What may be handed out: who uploaded it, who signed it, and what its makers say of it. */
import type { ReleaseView } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { personName } from '../settings/person-name.ts';
import { useWhen } from '../settings/use-when.ts';
import { useAdminTexts } from '../texts/index.ts';
import { Card } from './card.tsx';
import { RolloutForm } from './rollout-form.tsx';
import { megabytes, shortHash } from './shown.ts';

interface Props {
  readonly releases: readonly ReleaseView[];
  readonly onChanged: () => void;
}

type Open = { readonly id: string; readonly what: 'card' | 'rollout' };

export function Releases({ releases, onChanged }: Props) {
  const texts = useAdminTexts();
  const { fleet } = texts;
  const api = useApi();
  const when = useWhen();
  const [open, setOpen] = useState<Open | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const toggle = (id: string, what: Open['what']): void =>
    setOpen(open?.id === id && open.what === what ? null : { id, what });
  const withdraw = (id: string): void => {
    if (!confirm(fleet.withdrawSure)) return;
    setProblem(null);
    api.fleet.withdraw(id).then(onChanged, (error) => setProblem(problemOf(error)));
  };
  return (
    <>
      <ProblemNote problem={problem} />
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>{fleet.release}</th>
              <th>{fleet.size}</th>
              <th>{fleet.signedBy}</th>
              <th>{fleet.uploaded}</th>
              <th>{fleet.actions}</th>
            </tr>
          </thead>
          <tbody>
            {releases.map((release) => (
              <ReleaseRow
                key={release.id}
                release={release}
                when={when(release.uploadedAt)}
                by={personName(release.uploadedBy, texts)}
                open={open?.id === release.id ? open.what : null}
                onToggle={(what) => toggle(release.id, what)}
                onWithdraw={() => withdraw(release.id)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface RowProps {
  readonly release: ReleaseView;
  readonly when: string;
  readonly by: string;
  readonly open: Open['what'] | null;
  readonly onToggle: (what: Open['what']) => void;
  readonly onWithdraw: () => void;
}

function ReleaseRow({ release, when, by, open, onToggle, onWithdraw }: RowProps) {
  const { fleet } = useAdminTexts();
  const { id, kind, name, version, bytes, signedBy, withdrawnAt } = release;
  return (
    <>
      <tr>
        <td class="name">
          {name} {version}
          <small>{fleet.kinds[kind]}</small>
        </td>
        <td class="figures">{megabytes(bytes)}</td>
        <td class="figures">
          {signedBy === null ? (
            <span class="mark bad">{fleet.unsigned}</span>
          ) : (
            <span title={signedBy}>{shortHash(signedBy)}</span>
          )}
        </td>
        <td class="figures">
          {when}
          <small>{by}</small>
        </td>
        <td>
          <button type="button" aria-expanded={open === 'card'} onClick={() => onToggle('card')}>
            {fleet.card}
          </button>{' '}
          {withdrawnAt === null ? (
            <>
              <button type="button" aria-expanded={open === 'rollout'} onClick={() => onToggle('rollout')}>
                {fleet.handOut}
              </button>{' '}
              <button type="button" class="quiet" onClick={onWithdraw}>
                {fleet.withdraw}
              </button>
            </>
          ) : (
            <span class="mark warn">{fleet.withdrawn}</span>
          )}
        </td>
      </tr>
      {open === null ? null : (
        <tr>
          <td colSpan={5}>
            {open === 'card' ? (
              <Card id={id} />
            ) : (
              <RolloutForm release={release} onBegun={() => onToggle('rollout')} />
            )}
          </td>
        </tr>
      )}
    </>
  );
}

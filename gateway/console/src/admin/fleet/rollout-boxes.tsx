/** How far each box is with a release: what it fetches, why it does not use it, and how both models agree there. */
import type { Comparison } from '@roadwatch/contract';
import type { RolloutAgent, RolloutDetail } from '@roadwatch/contract/api';
import { UPDATE_CODES } from '@roadwatch/contract/codes';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { MANY_APART_MS, useLoaded } from '../../shared/api/use-loaded.ts';
import { useLanguage } from '../../shared/texts/language.ts';
import { useWhen } from '../settings/use-when.ts';
import { useAdminTexts } from '../texts/index.ts';
import { megabytes } from './shown.ts';

/** A large fleet is told in part: those that need somebody come first. */
const MOST = 500;
const ORDER: readonly RolloutAgent['state'][] = [
  'rolled_back',
  'refused',
  'trial',
  'comparing',
  'warming',
  'verifying',
  'fetching',
  'handed_over',
  'told',
  'waiting',
  'shadow',
  'cancelled',
  'running',
];

export function RolloutBoxes({ id }: { readonly id: string }) {
  const { fleet } = useAdminTexts();
  const api = useApi();
  const { value, problem } = useLoaded(() => api.fleet.rollout(id), ['fleet', 'agent'], id, MANY_APART_MS);
  if (value === null) return <ProblemNote problem={problem} />;
  const boxes = [...value.agents].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
  return (
    <>
      <h2>{fleet.boxesOf(`${value.release.name} ${value.release.version}`, boxes.length)}</h2>
      <ProblemNote problem={problem} />
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>{fleet.box}</th>
              <th>{fleet.state}</th>
              <th>{fleet.fetched}</th>
              <th title={fleet.agreementHint}>{fleet.agreement}</th>
              <th>{fleet.since}</th>
            </tr>
          </thead>
          <tbody>
            {boxes.slice(0, MOST).map((box) => (
              <Row key={`${box.site}/${box.agent}`} box={box} mode={value.mode} />
            ))}
          </tbody>
        </table>
      </div>
      {boxes.length > MOST ? <p class="hint">{fleet.more(boxes.length - MOST)}</p> : null}
    </>
  );
}

function Row({ box, mode }: { readonly box: RolloutAgent; readonly mode: RolloutDetail['mode'] }) {
  const { fleet } = useAdminTexts();
  const language = useLanguage();
  const when = useWhen();
  const { site, agent, state, code, detail, report, online, changedAt } = box;
  const why = Object.entries(UPDATE_CODES).find(([name]) => name === code)?.[1][language] ?? code;
  const tone =
    state === 'running' || state === 'shadow'
      ? 'good'
      : state === 'refused' || state === 'rolled_back'
        ? 'bad'
        : 'warn';
  return (
    <>
      <tr>
        <td class="name">
          {site}/{agent} {online ? null : <span class="mark bad">{fleet.offline}</span>}
        </td>
        <td>
          <span class={`mark ${tone}`}>{fleet.boxStates[state]}</span>
          {why === null ? null : <small>{why}</small>}
          {detail === null ? null : <small lang="en">{detail}</small>}
        </td>
        <td class="figures">
          {report === null || report.totalBytes === 0
            ? '–'
            : `${megabytes(report.receivedBytes)} / ${megabytes(report.totalBytes)}`}
        </td>
        <td class="figures">{report?.comparison === undefined ? '–' : compared(report.comparison, fleet)}</td>
        <td class="figures">{when(changedAt)}</td>
      </tr>
      {mode === 'shadow'
        ? Object.entries(report?.cameras ?? {}).map(([camera, comparison]) => (
            <tr key={camera}>
              <td class="topic">↳ {camera}</td>
              <td />
              <td />
              <td class="figures">{compared(comparison, fleet)}</td>
              <td />
            </tr>
          ))
        : null}
    </>
  );
}

function compared(comparison: Comparison, fleet: ReturnType<typeof useAdminTexts>['fleet']): string {
  return fleet.compared(comparison);
}

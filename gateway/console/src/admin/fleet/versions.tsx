/** Which versions run out there, and how many boxes are behind. */
import type { Agent } from '@roadwatch/contract/api';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { MANY_APART_MS, useLoaded } from '../../shared/api/use-loaded.ts';
import { useAdminTexts } from '../texts/index.ts';

interface Version {
  readonly model: string;
  readonly agent: string;
  readonly boxes: readonly Agent[];
}

export function Versions() {
  const { fleet } = useAdminTexts();
  const api = useApi();
  const { value, problem } = useLoaded(() => api.field.agents(), ['agent'], 'agents', MANY_APART_MS);
  const versions = versionsOf((value ?? []).filter(({ revokedAt }) => revokedAt === null));
  if (versions.length === 0) return <ProblemNote problem={problem} />;
  return (
    <>
      <h2>{fleet.versions}</h2>
      <ProblemNote problem={problem} />
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>{fleet.model}</th>
              <th>{fleet.agentVersion}</th>
              <th>{fleet.boxCount}</th>
              <th>{fleet.online}</th>
            </tr>
          </thead>
          <tbody>
            {versions.map(({ model, agent, boxes }) => (
              <tr key={`${model} ${agent}`}>
                <td class="name">{model}</td>
                <td class="figures">{agent}</td>
                <td class="figures" title={boxes.slice(0, 20).map(nameOf).join(' ')}>
                  {boxes.length}
                </td>
                <td class="figures">{boxes.filter(({ online }) => online).length}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Those that most boxes run first. */
function versionsOf(agents: readonly Agent[]): readonly Version[] {
  const groups = new Map<string, Version>();
  for (const agent of agents) {
    const { status } = agent;
    const model = status === null ? '–' : `${status.model.name} ${status.model.version}`;
    const version = status?.version ?? '–';
    const before = groups.get(`${model} ${version}`);
    groups.set(`${model} ${version}`, { model, agent: version, boxes: [...(before?.boxes ?? []), agent] });
  }
  return [...groups.values()].sort((one, other) => other.boxes.length - one.boxes.length);
}

function nameOf({ site, agent }: Agent): string {
  return `${site}/${agent}`;
}

/** Agents: the boxes beside the cameras, and how much of what they have seen has not come through. */

import type { AgentTrouble } from '@roadwatch/contract';
import type { Agent, User } from '@roadwatch/contract/api';
import { LoadedPage } from '../shared/api/loaded-page.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { MANY_APART_MS, useLoaded } from '../shared/api/use-loaded.ts';
import { at } from '../shared/route/base.ts';
import { follow } from '../shared/route/route.ts';
import type { Language, Texts } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { age } from '../shared/time/time.ts';
import { useNow } from '../shared/time/use-now.ts';
import { MachineCell } from './machine-cell.tsx';
import { PairBox } from './pair-box.tsx';
import { RefusedMessages } from './refused-messages.tsx';

/** The gateway shows refused messages to those who run it. */
const RUNNERS: readonly User['role'][] = ['admin', 'shift_lead'];

export function Agents({ user }: { readonly user: User }) {
  const { agents: texts, pages } = useTexts();
  const api = useApi();
  const now = useNow();
  const loaded = useLoaded(() => api.field.agents(), ['agent', 'refused-message'], 'agents', MANY_APART_MS);
  const agents = loaded.value ?? [];
  return (
    <section class="page">
      <header class="bar">
        <h1>{pages.agents}</h1>
        {agents.length === 0 ? null : (
          <span class="hint figures">
            {texts.summary(agents.filter((agent) => agent.online).length, agents.length)}
          </span>
        )}
      </header>
      <LoadedPage loaded={loaded} empty={agents.length === 0} none={texts.none} noneHint={texts.noneHint}>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>{texts.agent}</th>
                <th>{texts.state}</th>
                <th>{texts.lastWord}</th>
                <th>{texts.cameras}</th>
                <th title={texts.outboxHint}>{texts.outbox}</th>
                <th title={texts.machineHint}>{texts.machine}</th>
                <th>{texts.version}</th>
                <th>{texts.model}</th>
              </tr>
            </thead>
            <tbody>
              {agents.map((agent) => (
                <Row key={`${agent.site}/${agent.agent}`} agent={agent} now={now} />
              ))}
            </tbody>
          </table>
        </div>
      </LoadedPage>
      {user.role === 'admin' ? <PairBox now={now} /> : null}
      {RUNNERS.includes(user.role) ? <RefusedMessages now={now} /> : null}
    </section>
  );
}

function Row({
  agent: { site, agent, online, revokedAt, lastSeenAt, clockAheadSeconds, nameShared, limited, status },
  now,
}: {
  readonly agent: Agent;
  readonly now: number;
}) {
  const texts = useTexts();
  const language = useLanguage();
  const state = revokedAt !== null ? texts.revoked : online ? texts.online : texts.offline;
  return (
    <tr>
      <td>
        <a href={at(`/agents/${site}/${agent}`)} onClick={follow}>
          {site}/{agent}
        </a>
      </td>
      <td>
        <span class={`mark ${online ? 'good' : 'bad'}`}>{state}</span>
        {nameShared ? <span class="mark bad">{texts.agents.nameShared}</span> : null}
        {(status?.troubles ?? []).map((trouble) => (
          <Trouble key={trouble.code} trouble={trouble} />
        ))}
        {clockAheadSeconds === null ? null : (
          <span class="mark warn">{clockText(clockAheadSeconds, texts, language)}</span>
        )}
        {limited === null ? null : (
          <>
            <span class="mark bad">{texts.agents.limited(texts.agents.limits[limited.limit])}</span>
            <small lang="en">{limited.reason}</small>
          </>
        )}
      </td>
      <td class="figures">{lastSeenAt === null ? texts.never : texts.ago(age(lastSeenAt, now, language))}</td>
      <td class="figures">{status?.cameras ?? '–'}</td>
      <td class="figures">{status?.outboxDepth ?? '–'}</td>
      <MachineCell status={online ? status : null} />
      <td class="figures">{status?.version ?? '–'}</td>
      <td>{status === null ? '–' : `${status.model.name} ${status.model.version}`}</td>
    </tr>
  );
}

/** What a later version knows is told in the words of the box. */
function Trouble({ trouble: { code, detail } }: { readonly trouble: AgentTrouble }) {
  const { troubles } = useTexts();
  const known = troubles[code];
  if (known === undefined)
    return (
      <span class="mark warn" lang="en">
        {detail}
      </span>
    );
  return (
    <>
      <span class="mark warn">{known}</span>
      <small lang="en">{detail}</small>
    </>
  );
}

/** How far the box's clock is off, in words. */
function clockText(ahead: number, { agents }: Texts, language: Language): string {
  const time = age(0, Math.abs(ahead) * 1000, language);
  return ahead > 0 ? agents.clockAhead(time) : agents.clockBehind(time);
}

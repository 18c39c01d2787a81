/** What was given up: orders that a unit's own system has not taken, and messages that could not be accepted. */
import type { RefusedMessage } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { LoadedPage } from '../../shared/api/loaded-page.tsx';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { at } from '../../shared/route/base.ts';
import { follow } from '../../shared/route/route.ts';
import { useWhen } from '../settings/use-when.ts';
import { useAdminTexts } from '../texts/index.ts';
import { Dismiss } from './dismiss.tsx';

export function Troubles() {
  const { pages, troubles: texts } = useAdminTexts();
  return (
    <section class="page">
      <header class="bar">
        <h1>{pages.troubles}</h1>
        <span class="hint">{texts.hint}</span>
      </header>
      <Orders />
      <Refused />
    </section>
  );
}

/** Runs what an admin does about something, and loads the list anew. */
function useAct(reload: () => void) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const act = (work: Promise<unknown>): void => {
    setProblem(null);
    work.then(reload, (error) => setProblem(problemOf(error)));
  };
  return { problem, act };
}

function Orders() {
  const { troubles: texts } = useAdminTexts();
  const api = useApi();
  const when = useWhen();
  const loaded = useLoaded(() => api.admin.deadOrders(), ['ticket'], 'dead orders');
  const { problem, act } = useAct(loaded.reload);
  const orders = loaded.value ?? [];
  return (
    <>
      <h2>{texts.orders}</h2>
      <ProblemNote problem={problem} />
      <LoadedPage
        loaded={loaded}
        empty={orders.length === 0}
        none={texts.noOrders}
        noneHint={texts.noOrdersHint}
      >
        <div class="scroll">
          <table>
            <tbody>
              {orders.map(({ id, ticketId, unitId, kind, attempts, error, createdAt }) => (
                <tr key={id}>
                  <td class="figures">{when(createdAt)}</td>
                  <td>
                    <a href={at(`/tickets/${ticketId}`)} onClick={follow}>
                      {unitId}
                    </a>{' '}
                    {texts.kind[kind]}
                    <small>{texts.attempts(attempts)}</small>
                  </td>
                  <td class="value" lang="en">
                    {error}
                  </td>
                  <td>
                    <div class="acts">
                      <button type="button" onClick={() => act(api.tickets.sendAgain(id))}>
                        {texts.again}
                      </button>
                      <Dismiss
                        onDismiss={(reason) => act(api.admin.dismissOrder(id, reason))}
                        {...(kind === 'dispatch' ? { hint: texts.toldOtherwise } : {})}
                      />
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </LoadedPage>
    </>
  );
}

function Refused() {
  const { troubles: texts } = useAdminTexts();
  const api = useApi();
  const when = useWhen();
  const loaded = useLoaded(() => api.field.refusedMessages(), ['refused-message'], 'refused');
  const { problem, act } = useAct(loaded.reload);
  const messages: readonly RefusedMessage[] = loaded.value ?? [];
  return (
    <>
      <h2>{texts.refused}</h2>
      <ProblemNote problem={problem} />
      <LoadedPage
        loaded={loaded}
        empty={messages.length === 0}
        none={texts.noRefused}
        noneHint={texts.noRefusedHint}
      >
        <div class="scroll">
          <table>
            <tbody>
              {messages.map(({ sha256, topic, reason, limit, count, lastAt }) => (
                <tr key={`${sha256} ${topic}`}>
                  <td class="figures">
                    {when(lastAt)}
                    <small>{texts.times(count)}</small>
                  </td>
                  <td class="topic">{topic}</td>
                  <td class="value" lang="en">
                    {reason}
                  </td>
                  <td>
                    <div class="acts">
                      {limit === null ? (
                        <button type="button" onClick={() => act(api.admin.retryRefused(sha256, topic))}>
                          {texts.takeAgain}
                        </button>
                      ) : null}
                      <Dismiss onDismiss={(why) => act(api.admin.dismissRefused(sha256, topic, why))} />
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </LoadedPage>
    </>
  );
}

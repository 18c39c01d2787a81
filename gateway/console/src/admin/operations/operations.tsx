/** The system of the maintainers: whether there is one, what came of the last call, and a test of it. */
import type { OperationsCall, OperationsSettings } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { type Called, CalledFields } from '../settings/called-fields.tsx';
import { SettingsFrame } from '../settings/frame.tsx';
import { useSettings } from '../settings/use-settings.ts';
import { useWhen } from '../settings/use-when.ts';
import { useAdminTexts } from '../texts/index.ts';

interface Draft {
  readonly webhook: Called | null;
}

const FORM = {
  section: 'operations',
  draftOf: (document: OperationsSettings): Draft => document,
  sentOf: ({ webhook }: Draft) => {
    if (webhook === null) return { webhook };
    const { hasSecret: _, ...sent } = webhook;
    return { webhook: sent };
  },
} as const;

export function Operations() {
  const { pages, operations: texts } = useAdminTexts();
  const settings = useSettings(FORM);
  const { draft, set, dirty } = settings;
  return (
    <SettingsFrame section="operations" title={pages.operations} hint={texts.hint} settings={settings}>
      {draft === null ? null : draft.webhook === null ? (
        <>
          <p>{texts.nobody}</p>
          <button type="button" onClick={() => set({ webhook: { url: '', hasSecret: false } })}>
            {texts.tell}
          </button>
        </>
      ) : (
        <>
          <CalledFields path="webhook" called={draft.webhook} onChange={(webhook) => set({ webhook })} />
          <div class="bar">
            <TestButton disabled={dirty || !draft.webhook.hasSecret} />
            <button type="button" class="quiet" onClick={() => set({ webhook: null })}>
              {texts.stop}
            </button>
          </div>
        </>
      )}
      <LastCall />
    </SettingsFrame>
  );
}

/** To what is saved: not while something else is typed. */
function TestButton({ disabled }: { readonly disabled: boolean }) {
  const { operations: texts } = useAdminTexts();
  const api = useApi();
  const [call, setCall] = useState<OperationsCall | 'under way' | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = (): void => {
    setCall('under way');
    setProblem(null);
    api.admin.testOperations().then(setCall, (error) => {
      setCall(null);
      setProblem(problemOf(error));
    });
  };
  return (
    <>
      <button type="button" disabled={disabled || call === 'under way'} title={texts.testHint} onClick={send}>
        {texts.test}
      </button>
      {call === null || call === 'under way' ? null : (
        <span role="status">
          <Outcome call={call} />
        </span>
      )}
      <ProblemNote problem={problem} />
    </>
  );
}

function LastCall() {
  const { operations: texts } = useAdminTexts();
  const api = useApi();
  const when = useWhen();
  const { value, problem } = useLoaded(() => api.admin.lastOperationsCall(), ['settings'], 'last call');
  return (
    <section class="last-call">
      <h2>{texts.last}</h2>
      <ProblemNote problem={problem} />
      {value === null ? null : value.last === null ? (
        <p class="hint">{texts.never}</p>
      ) : (
        <p class="bar">
          <span class="figures">{when(value.last.at)}</span>
          <span>{texts.event[value.last.event]}</span>
          <code>{value.last.address}</code>
          <Outcome call={value.last} />
        </p>
      )}
    </section>
  );
}

function Outcome({ call: { outcome, answer } }: { readonly call: OperationsCall }) {
  const { operations: texts } = useAdminTexts();
  return (
    <span class={outcome === 'delivered' ? 'mark good' : 'mark bad'}>
      {texts.outcome[outcome]}{' '}
      <small class="words" lang="en">
        {answer}
      </small>
    </span>
  );
}

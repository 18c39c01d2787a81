/** A code for a new box, which an admin carries to it; shown once, and over in an hour. */
import type { PairingMade } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { ProblemNote } from '../shared/api/problem-note.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { age } from '../shared/time/time.ts';

const COMMAND = 'sudo roadwatch-agent init --config /etc/roadwatch/agent.yaml';
const NAME = '[a-z0-9]([a-z0-9\\-]{0,62})';

export function PairBox({ now }: { readonly now: number }) {
  const { agents: texts } = useTexts();
  const api = useApi();
  const [made, setMade] = useState<PairingMade | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const box = { site: String(form.get('site')), agent: String(form.get('agent')) };
    api.field.openPairing(box).then(
      (pairing) => {
        setMade(pairing);
        setProblem(null);
      },
      (error: unknown) => setProblem(problemOf(error)),
    );
  };
  return (
    <>
      <h2>{texts.pair}</h2>
      <form class="new-token pair-box" onSubmit={submit}>
        {(['site', 'agent'] as const).map((field) => (
          <label key={field}>
            {field === 'site' ? texts.pairSite : texts.pairAgent}
            <input name={field} required pattern={NAME} title={texts.pairName} autocomplete="off" />
          </label>
        ))}
        <button type="submit" class="primary">
          {texts.pairMake}
        </button>
      </form>
      <ProblemNote problem={problem} />
      {made === null ? null : <Code made={made} now={now} />}
    </>
  );
}

function Code({ made, now }: { readonly made: PairingMade; readonly now: number }) {
  const { agents: texts } = useTexts();
  const language = useLanguage();
  const leftMs = Date.parse(made.expiresAt) - now;
  if (leftMs <= 0) return <p class="hint">{texts.pairOver}</p>;
  return (
    <div class="made">
      <p>{texts.pairOnce(age(0, leftMs, language))}</p>
      <Copied label={texts.pairCommand} text={COMMAND} />
      <Copied label={texts.pairCode} text={made.code} />
    </div>
  );
}

/** To be taken along by a click and a key. */
function Copied({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <label class="made">
      {label}
      <input value={text} readOnly onFocus={(event) => event.currentTarget.select()} />
    </label>
  );
}

/** A form that sends its fields, is busy meanwhile, and says what went wrong. */
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api.ts';
import { sayProblem } from '../shared/hooks.ts';
import { useTexts } from '../shared/language.ts';

export function useForm(
  send: (fields: Readonly<Record<string, string>>, form: HTMLFormElement) => Promise<void>,
) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    setBusy(true);
    setProblem(null);
    send(fields, form)
      .catch((error) => setProblem(problemOf(error)))
      .finally(() => setBusy(false));
  };
  return { problem, busy, submit };
}

interface TroubleProps {
  readonly problem: Problem | null;
  /** What 403 and 422 mean here. */
  readonly forbidden: string;
  readonly invalid: string;
}

export function SayTrouble({ problem, forbidden, invalid }: TroubleProps) {
  const texts = useTexts();
  if (problem === null) return null;
  const own: Readonly<Record<number, string>> = { 403: forbidden, 422: invalid };
  return (
    <p class="problem" role="alert">
      {own[problem.status] ?? sayProblem(problem, texts)}
    </p>
  );
}

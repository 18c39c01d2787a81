/** A form that sends its fields, is busy meanwhile, and knows what went wrong. */
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';

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

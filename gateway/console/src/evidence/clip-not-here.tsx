/** In the place of a clip that has not come: whether it comes by itself, and how to have it from the box now. */
import type { Evidence } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { ProblemNote } from '../shared/api/problem-note.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { useTexts } from '../shared/texts/language.ts';

type Asking = 'not' | 'asking' | 'asked';

/** Whoever shows it learns of its arrival, as of all that changes an alert. */
export function ClipNotHere({ clip }: { readonly clip: Evidence }) {
  const texts = useTexts();
  const api = useApi();
  const [asking, setAsking] = useState<Asking>('not');
  const [problem, setProblem] = useState<Problem | null>(null);
  const ask = async (): Promise<void> => {
    setAsking('asking');
    setProblem(null);
    try {
      await api.field.askForEvidence(clip.sha256);
      setAsking('asked');
    } catch (error) {
      setProblem(problemOf(error));
      setAsking('not');
    }
  };
  const waiting = clip.onRequest === true ? texts.clipKept : texts.clipComing;
  const said = { not: waiting, asking: texts.askingForClip, asked: texts.clipAsked };
  return (
    <div class="picture nothing">
      <p role="status">{said[asking]}</p>
      {asking === 'asked' ? null : (
        <button type="button" disabled={asking === 'asking'} onClick={() => void ask()}>
          {texts.askForClip}
        </button>
      )}
      {problem === null ? null : <ProblemNote problem={problem} />}
    </div>
  );
}

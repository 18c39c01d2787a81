/** Whoever sees the scene says whether the crew has come: by a click, or by the keys 1, 2 and 3. */
import type { Ticket } from '@roadwatch/contract/api';
import { SCENE_ANSWERS, type SceneAnswer } from '@roadwatch/contract/api/vocabulary.ts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { ProblemNote } from '../shared/api/problem-note.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { digitOf } from '../shared/keys.ts';
import { useTexts } from '../shared/texts/language.ts';

interface Props {
  readonly ticket: Pick<Ticket, 'id'>;
  readonly onAnswered: () => void;
}

export function SceneAnswers({ ticket, onAnswered }: Props) {
  const { sceneLook: texts, sceneAnswer } = useTexts();
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const answer = (given: SceneAnswer): void => {
    if (busy) return;
    setBusy(true);
    api.tickets.sceneLook(ticket.id, given).then(
      () => {
        setBusy(false);
        setProblem(null);
        onAnswered();
      },
      (error) => {
        setBusy(false);
        setProblem(problemOf(error));
      },
    );
  };
  const latest = useRef(answer);
  latest.current = answer;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const digit = digitOf(event);
      const given = digit === null ? undefined : SCENE_ANSWERS[digit - 1];
      if (given === undefined) return;
      event.preventDefault();
      latest.current(given);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <fieldset class="scene-answers" aria-label={texts.question}>
      <strong>{texts.question}</strong>
      {SCENE_ANSWERS.map((name, index) => (
        <button
          key={name}
          type="button"
          class={name === 'arrived' ? 'primary' : ''}
          disabled={busy}
          onClick={() => answer(name)}
        >
          {sceneAnswer[name]} <kbd>{index + 1}</kbd>
        </button>
      ))}
      <p class="hint">{texts.hint}</p>
      <ProblemNote problem={problem} />
    </fieldset>
  );
}

/** Tells a person what went wrong, where they did it. */
import { useTexts } from '../texts/language.ts';
import type { Problem } from './problem.ts';
import { problemText } from './problem-text.ts';

export function ProblemNote({ problem }: { readonly problem: Problem | null }) {
  const texts = useTexts();
  if (problem === null) return null;
  return (
    <p class="problem" role="alert">
      {problemText(problem, texts)}
    </p>
  );
}

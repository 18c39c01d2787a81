/** Clocks that run out, as far as the person here is to know; to have seen one silences that step, not the clock. */
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api.ts';
import { sayProblem, useApi, useLoaded } from '../shared/hooks.ts';
import { useTexts } from '../shared/language.ts';
import { follow } from '../shared/route.ts';

export function Notices() {
  const texts = useTexts();
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const loaded = useLoaded(() => api.notices(), ['ticket'], 'notices');
  const notices = loaded.value ?? [];
  if (notices.length === 0 && problem === null) return null;
  return (
    <section class="notices" aria-label={texts.notices.title}>
      <ul>
        {notices.map(({ id, ticketId, number, clock, percent }) => (
          <li key={id}>
            <a href={`/tickets/${ticketId}`} onClick={follow}>
              {number}
            </a>
            <span>
              {clock === 'scene_look'
                ? `${texts.clock.scene_look}: ${texts.clockState.lookNow}`
                : texts.notices.used(texts.clock[clock], percent)}
            </span>
            <button
              type="button"
              class="quiet"
              onClick={() =>
                api.noticeSeen(id).then(
                  () => loaded.reload(),
                  (error) => setProblem(problemOf(error)),
                )
              }
            >
              {texts.notices.seen}
            </button>
          </li>
        ))}
      </ul>
      {problem === null ? null : (
        <p class="problem" role="alert">
          {sayProblem(problem, texts)}
        </p>
      )}
    </section>
  );
}

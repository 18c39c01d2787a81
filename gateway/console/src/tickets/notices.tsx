/** Clocks that run out and what has gone wrong, as far as the person here is to know; to have seen one silences that step, not the clock. */

import type { ClockKind, Notice, NoticeEvent } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { ProblemNote } from '../shared/api/problem-note.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { at } from '../shared/route/base.ts';
import { follow } from '../shared/route/route.ts';
import type { Texts } from '../shared/texts/index.ts';
import { useTexts } from '../shared/texts/language.ts';

export function Notices() {
  const texts = useTexts();
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const loaded = useLoaded(() => api.tickets.notices(), ['ticket'], 'notices');
  const notices = loaded.value ?? [];
  if (notices.length === 0 && problem === null) return null;
  return (
    <section class="notices" aria-label={texts.notices.title}>
      <ul>
        {notices.map(({ id, ticketId, number, kind, percent, reason }) => (
          <li key={id}>
            <a href={at(`/tickets/${ticketId}`)} onClick={follow}>
              {number}
            </a>
            <span>
              {noticeText(kind, percent, texts)}
              {reason === null ? null : (
                <small class="words" lang="en">
                  {' '}
                  {reason}
                </small>
              )}
            </span>
            <button
              type="button"
              class="quiet"
              onClick={() =>
                api.tickets.noticeSeen(id).then(
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
      <ProblemNote problem={problem} />
    </section>
  );
}

function noticeText(kind: Notice['kind'], percent: number, { clock, clockState, notices }: Texts): string {
  if (kind === 'scene_look') return `${clock.scene_look}: ${clockState.lookNow}`;
  if (kind in notices.event) return notices.event[kind as NoticeEvent];
  return notices.used(clock[kind as ClockKind], percent);
}

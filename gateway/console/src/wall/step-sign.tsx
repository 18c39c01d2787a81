/** The sign of a step: the same in the figures and in every case of the feed. */
import type { StepName } from './texts.ts';

const DRAWN: Readonly<Record<StepName, string>> = {
  // A camera, a pointing hand's arrow, a clock, a person at work, a tick.
  seen: 'M3 8h10l5-3v12l-5-3H3zM7 14l-1 5',
  dispatched: 'M3 11l17-7-7 17-2.5-7.5z',
  answered: 'M11 3a8 8 0 1 0 .01 0zM11 7v4.5l3 2',
  arrived: 'M11 3.5a2 2 0 1 0 .01 0zM11 9v6M7 19l4-5 4 5M5 10l6 1 6-3',
  proven: 'M4 12l5 5L19 5',
};

export function StepSign({ step }: { readonly step: StepName }) {
  return (
    <svg class={`step-sign ${step}`} viewBox="0 0 22 22" aria-hidden="true">
      <path
        d={DRAWN[step]}
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linejoin="round"
        stroke-linecap="round"
      />
    </svg>
  );
}

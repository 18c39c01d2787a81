/** The five figures, which are the five steps from a broken road to a whole one, and yesterday's beside them. */
import type { WallFigures } from '@roadwatch/contract/api';
import { Say } from './language.tsx';
import { StepSign } from './step-sign.tsx';
import { STEPS, type StepName, TEXTS } from './texts.ts';

interface Props {
  readonly today: WallFigures;
  readonly yesterday: WallFigures;
}

type Counted = number | { readonly count: number; readonly of: number };

export function Figures({ today, yesterday }: Props) {
  return (
    <ol class="steps">
      {STEPS.map((step) => (
        <li key={step} class={`step ${step}`}>
          <p class="step-name">
            <StepSign step={step} />
            <Say text={TEXTS.steps[step]} />
          </p>
          <p class="step-figure figures">
            <Figure of={countedOf(step, today)} />
            <span class="step-unit">
              <Say text={TEXTS.figures[step]} />
            </span>
          </p>
          <p class="step-before figures">
            <Say text={TEXTS.yesterday} inline />{' '}
            <span class="step-yesterday">{plain(countedOf(step, yesterday))}</span>
          </p>
        </li>
      ))}
    </ol>
  );
}

function Figure({ of: value }: { readonly of: Counted }) {
  if (typeof value === 'number') return <span class="step-value">{value}</span>;
  if (value.of === 0) return <span class="step-value">–</span>;
  return (
    <span class="step-value">
      {value.count}
      <span class="of">/{value.of}</span>
    </span>
  );
}

/** Of nothing there is no share. */
function plain(value: Counted): string {
  if (typeof value === 'number') return String(value);
  return value.of === 0 ? '–' : `${value.count}/${value.of}`;
}

function countedOf(step: StepName, figures: WallFigures): Counted {
  switch (step) {
    case 'seen':
      return figures.alerts;
    case 'dispatched':
      return figures.dispatched;
    case 'answered':
      return figures.answered;
    case 'arrived':
      return figures.arrived;
    case 'proven':
      return figures.proven;
  }
}

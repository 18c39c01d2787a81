/** Which period, in which steps: two days or one of the usual periods. */
import { FIGURE_STEPS } from '@roadwatch/contract/api/vocabulary.ts';
import { useTexts } from '../shared/texts/language.ts';
import { PRESETS, presetSpan, type Question, questionOf } from './question.ts';
import { useToday } from './use-question.ts';

interface Props {
  readonly question: Question;
  readonly onAsk: (question: Question) => void;
}

export function PeriodBar({ question, onAsk }: Props) {
  const { figures: texts } = useTexts();
  const today = useToday();
  const { from, to, each, by, only } = question;
  /** In the steps that suit its length. */
  const askSpan = (span: { from: string; to: string }): void => {
    if (span.from > span.to) return;
    onAsk({ ...questionOf(`?from=${span.from}&to=${span.to}`, today), by, only });
  };
  return (
    <div class="bar period">
      <span class="group">
        {PRESETS.map((preset) => {
          const span = presetSpan(preset, today);
          return (
            <button
              key={preset}
              type="button"
              aria-pressed={span.from === from && span.to === to}
              onClick={() => askSpan(span)}
            >
              {texts.presets[preset]}
            </button>
          );
        })}
      </span>
      <label class="inline">
        {texts.from}
        <input
          type="date"
          value={from}
          max={to}
          required
          onChange={({ currentTarget: { value } }) => value !== '' && askSpan({ from: value, to })}
        />
      </label>
      <label class="inline">
        {texts.to}
        <input
          type="date"
          value={to}
          min={from}
          required
          onChange={({ currentTarget: { value } }) => value !== '' && askSpan({ from, to: value })}
        />
      </label>
      <span class="group" title={texts.each}>
        {FIGURE_STEPS.map((step) => (
          <button
            key={step}
            type="button"
            aria-pressed={step === each}
            onClick={() => onAsk({ ...question, each: step })}
          >
            {texts.step[step]}
          </button>
        ))}
      </span>
    </div>
  );
}

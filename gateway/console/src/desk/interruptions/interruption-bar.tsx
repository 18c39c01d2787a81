/** Under the queue: whether what cannot wait is heard, how often it came in this hour, and that it comes too often to be heard each time. */
import { useTexts } from '../../shared/texts/language.ts';
import { inLastHour, isFlood } from './rate.ts';
import type { useInterruptions } from './use-interruptions.ts';

interface Props {
  readonly interruptions: ReturnType<typeof useInterruptions>;
  readonly now: number;
}

export function InterruptionBar({ interruptions: { rate, sound, turnSound }, now }: Props) {
  const { interruption: texts } = useTexts();
  const count = inLastHour(rate, now);
  return (
    <div class="interruptions">
      {isFlood(rate, now) ? (
        <p class="flood" role="status">
          {texts.flood}
        </p>
      ) : null}
      <button type="button" class="quiet" aria-pressed={sound} title={texts.soundHint} onClick={turnSound}>
        {sound ? texts.soundOn : texts.soundOff}
      </button>
      <span class="hint figures" title={texts.countHint}>
        {texts.count(count)}
      </span>
    </div>
  );
}

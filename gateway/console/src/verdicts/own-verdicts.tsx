/** What was judged in this browser, the latest first, with what became of each: also what was refused, or has not been sent yet. */
import { Said } from '../outbox/said.tsx';
import { useOutboxView } from '../outbox/use-outbox.ts';
import { damageName } from '../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useNow } from '../shared/time/use-now.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';

export function OwnVerdicts() {
  const { outbox: texts } = useTexts();
  const language = useLanguage();
  const now = useNow();
  const { shortTime } = useWallClock();
  const { entries, problem } = useOutboxView();
  if (entries.length === 0)
    return (
      <div class="nothing">
        <p>{texts.none}</p>
        <p class="hint">{texts.noneHint}</p>
      </div>
    );
  return (
    <ul class="scroll own-verdicts">
      {entries.toReversed().map((entry) => (
        <li key={entry.key}>
          <span class="figures">{shortTime(entry.givenAt, now)}</span>
          <span>{entry.by.username}</span>
          <span>
            <span class={`tag ${entry.damageClass}`}>{damageName(entry.damageClass, language)}</span>{' '}
            {entry.where[language]}
          </span>
          <strong class={`figures ${entry.outcome?.kind ?? 'waits'}`}>
            <Said entry={entry} now={now} problem={problem} />
          </strong>
        </li>
      ))}
    </ul>
  );
}

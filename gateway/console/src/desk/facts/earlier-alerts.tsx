/** What was seen at the place of the current alert before, with its picture and what became of it. */
import type { Alert } from '@roadwatch/contract/api';
import { Thumbnail } from '../../evidence/thumbnail.tsx';
import { damageName } from '../../shared/texts/damage.ts';
import { named } from '../../shared/texts/index.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';

interface Props {
  readonly earlier: readonly Alert[];
  /** Whose picture is on the stage. */
  readonly shown: string | null;
  readonly now: number;
  readonly onShow: (id: string) => void;
}

export function EarlierAlerts({ earlier, shown, now, onShow }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  return (
    <>
      <h3>
        {texts.earlier} <kbd>E</kbd>
      </h3>
      {earlier.length === 0 ? (
        <p class="hint">{texts.noEarlier}</p>
      ) : (
        <ul class="earlier">
          {earlier.map((other) => (
            <li key={other.id}>
              <button
                type="button"
                class="item"
                aria-pressed={other.id === shown}
                onClick={() => onShow(other.id)}
              >
                <Thumbnail alert={other} />
                <span class="what">
                  <span>{damageName(other.damageClass, language)}</span>
                  <span class="hint">
                    {texts.alertState[other.state]}
                    {other.reason === null || other.state !== 'rejected'
                      ? null
                      : `: ${named(texts.rejectReason, other.reason)}`}
                  </span>
                  <span class="when figures">{texts.ago(age(other.createdAt, now, language))}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

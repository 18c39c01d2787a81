/** That this screen's own clock is wrong, on one where nobody would know why the times of a page are not those of its taskbar. */
import { useApi } from '../shared/api/use-api.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { age } from '../shared/time/time.ts';

/** Below this nobody would take one time for another. */
const WRONG_MS = 60_000;

export function ClockNote() {
  const { ownClock: texts } = useTexts();
  const language = useLanguage();
  const ownMs = Date.now();
  const behindMs = useApi().now() - ownMs;
  if (Math.abs(behindMs) < WRONG_MS) return null;
  const byHow = age(ownMs - Math.abs(behindMs), ownMs, language);
  return (
    <small class="zone" role="status" title={texts.hint}>
      {behindMs > 0 ? texts.behind(byHow) : texts.ahead(byHow)}
    </small>
  );
}

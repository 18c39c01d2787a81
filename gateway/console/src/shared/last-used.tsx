/** A cell of a table: how long ago a token was last used. */
import { useLanguage, useTexts } from './texts/language.ts';
import { age } from './time/time.ts';

interface Props {
  readonly at: string | null;
  readonly now: number;
}

export function LastUsed({ at, now }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  return <td class="figures">{at === null ? texts.never : texts.ago(age(at, now, language))}</td>;
}

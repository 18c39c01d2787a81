/** How each figure is counted, in the words of the contract. */
import { FIGURES } from '@roadwatch/contract/api/vocabulary.ts';
import { FIGURE_TEXTS } from '@roadwatch/contract/codes';
import { useLanguage, useTexts } from '../shared/texts/language.ts';

export function Definitions() {
  const texts = useTexts();
  const language = useLanguage();
  return (
    <section class="definitions">
      <h2>{texts.figures.definitions}</h2>
      <dl>
        {FIGURES.map((name) => (
          <div key={name}>
            <dt>{FIGURE_TEXTS[name].name[language]}</dt>
            <dd>{FIGURE_TEXTS[name].meaning[language]}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">{texts.figures.noUnit}</p>
    </section>
  );
}

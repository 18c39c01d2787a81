/** The other language, and light or dark. */
import { useTexts } from '../shared/texts/language.ts';

interface Props {
  readonly onLanguage: () => void;
  readonly onTheme: () => void;
}

export function Switches({ onLanguage, onTheme }: Props) {
  const texts = useTexts();
  return (
    <>
      <button
        type="button"
        class="quiet"
        onClick={onLanguage}
        title={texts.otherLanguageHint}
        data-switch="language"
      >
        {texts.otherLanguage}
      </button>
      <button type="button" class="quiet" onClick={onTheme} title={texts.theme} aria-label={texts.theme}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5" />
          <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
        </svg>
      </button>
    </>
  );
}

/** The language of the screen: the browser's at first, then the person's choice; it changes without a reload. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Language, TEXTS, type Texts } from './index.ts';

const KEY = 'roadwatch.language';

export const LanguageContext = createContext<Language>('en');

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

export function useTexts(): Texts {
  return TEXTS[useLanguage()];
}

export function firstLanguage(stored: string | null, browser: string): Language {
  if (stored === 'en' || stored === 'zh') return stored;
  return browser.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export function loadLanguage(): Language {
  return firstLanguage(localStorage.getItem(KEY), navigator.language);
}

export function saveLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}

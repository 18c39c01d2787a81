/** The texts of administration in the language of the screen. */
import { useLanguage } from '../../shared/texts/language.ts';
import { type AdminTexts, en } from './en.ts';
import { zh } from './zh.ts';

export function useAdminTexts(): AdminTexts {
  return useLanguage() === 'zh' ? zh : en;
}

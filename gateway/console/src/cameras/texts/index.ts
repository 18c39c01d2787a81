/** The texts of a camera's own page in the language of the screen. */
import { useLanguage } from '../../shared/texts/language.ts';
import { type CameraTexts, en } from './en.ts';
import { zh } from './zh.ts';

export function useCameraTexts(): CameraTexts {
  return useLanguage() === 'zh' ? zh : en;
}

/** The texts of a box's own page in the language of the screen. */
import { useLanguage } from '../../shared/texts/language.ts';
import { type AgentTexts, en } from './en.ts';
import { zh } from './zh.ts';

export type { AgentTexts } from './en.ts';

export function useAgentTexts(): AgentTexts {
  return useLanguage() === 'zh' ? zh : en;
}

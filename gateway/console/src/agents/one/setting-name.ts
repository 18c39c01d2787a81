/** What a setting of a box is called, by where it stands: `ring.seconds`. */
import type { BoxNumber } from '@roadwatch/contract/box-ranges.ts';
import type { AgentTexts } from '../texts/en.ts';

/** Null for what has no name of its own. */
export function settingName(path: string, texts: AgentTexts): string | null {
  const { numbers, roadUsers, clips, logLevel } = texts;
  if (Object.hasOwn(numbers, path)) return numbers[path as BoxNumber];
  const others: Readonly<Record<string, string>> = {
    'verify.roadUsers': roadUsers,
    'evidence.clips': clips,
    'log.level': logLevel,
  };
  return Object.hasOwn(others, path) ? (others[path] as string) : null;
}

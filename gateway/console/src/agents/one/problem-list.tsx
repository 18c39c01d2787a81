/** Everything that keeps settings from counting, each with where it stands. */
import type { BoxProblem, BoxSettings } from '@roadwatch/contract/box-settings.ts';
import { useLanguage } from '../../shared/texts/language.ts';
import { type AgentTexts, useAgentTexts } from '../texts/index.ts';
import { settingName } from './setting-name.ts';

interface Props {
  readonly problems: readonly BoxProblem[];
  /** Of which they are said. */
  readonly document: BoxSettings;
}

export function ProblemList({ problems, document }: Props) {
  const texts = useAgentTexts();
  const language = useLanguage();
  if (problems.length === 0) return null;
  return (
    <ul class="words">
      {problems.map((problem) => (
        <li key={`${problem.path} ${problem.en}`}>
          {placeOf(problem.path, document, texts)} {problem[language]}
        </li>
      ))}
    </ul>
  );
}

/** `ring.seconds` as its field is called, `added[2].url` by the id of the camera. */
function placeOf(path: string, document: BoxSettings, texts: AgentTexts): string {
  if (path === '') return '';
  const name = settingName(path, texts);
  if (name !== null) return `${name}:`;
  const [, list, index, key = ''] = /^(cameras|added)\[(\d+)\](?:\.(\w+))?/.exec(path) ?? [];
  if (list === undefined) return `${path}:`;
  const id = document[list as 'cameras' | 'added']?.[Number(index)]?.id || String(Number(index) + 1);
  const label = LABELS[key];
  return `${id}${label === undefined ? '' : ` · ${texts[label]}`}:`;
}

const LABELS: Readonly<
  Record<string, 'id' | 'address' | 'detectAddress' | 'login' | 'transport' | 'farPass'>
> = {
  ...{ id: 'id', url: 'address', detectUrl: 'detectAddress' },
  ...{ login: 'login', transport: 'transport', farPass: 'farPass' },
};

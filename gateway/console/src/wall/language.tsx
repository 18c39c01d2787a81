/** In which language the wall speaks: one of the two, or both at once, as its address says. */
import type { BilingualText } from '@roadwatch/contract';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export type Spoken = 'en' | 'zh' | 'both';

export function spokenBy(search: string): Spoken {
  const asked = new URLSearchParams(search).get('lang');
  return asked === 'en' || asked === 'zh' ? asked : 'both';
}

export const SpokenContext = createContext<Spoken>('both');

/** With both, the Chinese first and the English below or behind it, as the place of the text has room. */
export function Say({ text, inline = false }: { readonly text: BilingualText; readonly inline?: boolean }) {
  const spoken = useContext(SpokenContext);
  if (spoken !== 'both') return <span lang={langOf(spoken)}>{text[spoken]}</span>;
  if (text.zh === text.en) return <span>{text.en}</span>;
  return (
    <span class={inline ? 'both inline' : 'both'}>
      <span lang="zh-CN">{text.zh}</span>{' '}
      <span class="second" lang="en">
        {text.en}
      </span>
    </span>
  );
}

function langOf(spoken: 'en' | 'zh'): string {
  return spoken === 'zh' ? 'zh-CN' : 'en';
}

/** For what can be said once only, such as the description of a picture. */
export function useSaid(): (text: BilingualText) => string {
  const spoken = useContext(SpokenContext);
  return (text) => (spoken === 'both' ? `${text.zh} ${text.en}` : text[spoken]);
}

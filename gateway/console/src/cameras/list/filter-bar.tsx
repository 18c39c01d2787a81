/** What narrows the list: words, and how well the cameras see, each with how many there are. */

import type { CameraHealthPage } from '@roadwatch/contract/api';
import { CAMERA_TONES } from '@roadwatch/contract/api/vocabulary.ts';
import type { CameraQuery } from '../../shared/api/field.ts';
import { SearchField } from '../../shared/narrowing/search-field.tsx';
import { useTexts } from '../../shared/texts/language.ts';

interface Props {
  readonly asked: CameraQuery;
  readonly counts: CameraHealthPage['counts'] | null;
  readonly onAsk: (asked: CameraQuery) => void;
}

export function FilterBar({ asked, counts, onAsk }: Props) {
  const { cameras: texts } = useTexts();
  return (
    <search class="bar">
      <SearchField
        value={asked.q}
        label={texts.search}
        onChange={(q) => onAsk({ ...asked, q, after: null })}
      />
      {([null, ...CAMERA_TONES] as const).map((tone) => (
        <button
          key={tone}
          type="button"
          aria-pressed={asked.tone === tone}
          onClick={() => onAsk({ ...asked, tone, after: null })}
        >
          {tone === null ? texts.anyTone : <span class={`mark ${tone}`}>{texts.tones[tone]}</span>}
          {counts === null ? null : <b class="figures">{tone === null ? counts.all : counts[tone]}</b>}
        </button>
      ))}
    </search>
  );
}

/** What narrows the list: words, and how well the cameras see, each with how many there are. */

import type { CameraHealthPage } from '@roadwatch/contract/api';
import { CAMERA_TONES } from '@roadwatch/contract/api/vocabulary.ts';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CameraQuery } from '../../shared/api/field.ts';
import { useTexts } from '../../shared/texts/language.ts';

/** Somebody who still writes is not answered yet. */
const WRITING_MS = 250;

interface Props {
  readonly asked: CameraQuery;
  readonly counts: CameraHealthPage['counts'] | null;
  readonly onAsk: (asked: CameraQuery) => void;
}

export function FilterBar({ asked, counts, onAsk }: Props) {
  const { cameras: texts } = useTexts();
  const [written, setWritten] = useState(asked.q);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setWritten(asked.q), [asked.q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const write = (text: string): void => {
    setWritten(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onAsk({ ...asked, q: text.trim(), after: null }), WRITING_MS);
  };
  return (
    <search class="bar">
      <input
        type="search"
        class="search"
        value={written}
        maxLength={200}
        placeholder={texts.search}
        aria-label={texts.search}
        onInput={({ currentTarget }) => write(currentTarget.value)}
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

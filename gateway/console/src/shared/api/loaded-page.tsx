/** What a page shows until it has something to show: that it loads, why it cannot, or that there is nothing. */
import type { ComponentChildren } from 'preact';
import { useTexts } from '../texts/language.ts';
import { problemText } from './problem-text.ts';
import type { Loaded } from './use-loaded.ts';

interface Props {
  readonly loaded: Loaded<unknown>;
  readonly empty: boolean;
  readonly none: string;
  readonly noneHint: string;
  readonly children: ComponentChildren;
}

export function LoadedPage({ loaded: { value, problem, reload }, empty, none, noneHint, children }: Props) {
  const texts = useTexts();
  if (value !== null && !empty) return <>{children}</>;
  if (value !== null)
    return (
      <div class="nothing">
        <p>{none}</p>
        <p class="hint">{noneHint}</p>
      </div>
    );
  return (
    <div class="nothing">
      <p>{problem === null ? texts.loading : problemText(problem, texts)}</p>
      {problem === null ? null : (
        <button type="button" onClick={reload}>
          {texts.retry}
        </button>
      )}
    </div>
  );
}

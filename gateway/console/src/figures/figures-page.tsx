/** The way to the figures: their page, with its charts, is loaded when somebody goes there, so that the desk stays small. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useTexts } from '../shared/texts/language.ts';

interface Pages {
  readonly Figures: ComponentType;
  readonly MonthlyReport: ComponentType<{ readonly month: string }>;
}

/** `month`: of the monthly report; null: the figures. */
export function FiguresPage({ month }: { readonly month: string | null }) {
  const texts = useTexts();
  const [pages, setPages] = useState<Pages | 'failed' | null>(null);
  useEffect(() => {
    import('./pages.ts').then(setPages, () => setPages('failed'));
  }, []);
  // The gateway has a newer console by now, which no longer has this one's files.
  if (pages === 'failed')
    return (
      <div class="nothing">
        <button type="button" onClick={() => location.reload()}>
          {texts.retry}
        </button>
      </div>
    );
  if (pages === null) return <div class="nothing">{texts.loading}</div>;
  return month === null ? <pages.Figures /> : <pages.MonthlyReport month={month} />;
}

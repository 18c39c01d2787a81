/** Administration comes when it is opened: the desk does not carry it. */
import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useTexts } from './shared/texts/language.ts';

type Page = FunctionComponent<{ readonly part: string | null }>;

export function AdminPage({ part }: { readonly part: string | null }) {
  const texts = useTexts();
  const [Shown, setShown] = useState<Page | 'failed' | null>(null);
  useEffect(() => {
    import('./admin/admin.tsx').then(
      (page) => setShown(() => page.Admin),
      () => setShown('failed'),
    );
  }, []);
  if (Shown === null || Shown === 'failed')
    return <p class="nothing">{Shown === null ? texts.loading : texts.problems.network}</p>;
  return <Shown part={part} />;
}

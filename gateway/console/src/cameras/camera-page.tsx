/** The way to a camera's own page: it comes, with what one draws by, when somebody goes there, so that the desk stays small. */
import type { OfCamera, User } from '@roadwatch/contract/api';
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useTexts } from '../shared/texts/language.ts';

interface Props {
  readonly of: OfCamera;
  readonly user: User;
}

export function CameraPage(props: Props) {
  const texts = useTexts();
  const [Page, setPage] = useState<ComponentType<Props> | 'failed' | null>(null);
  useEffect(() => {
    import('./one/one-camera.tsx').then(
      ({ OneCamera }) => setPage(() => OneCamera),
      () => setPage('failed'),
    );
  }, []);
  // The gateway has a newer console by now, which no longer has this one's files.
  if (Page === 'failed')
    return (
      <div class="nothing">
        <button type="button" onClick={() => location.reload()}>
          {texts.retry}
        </button>
      </div>
    );
  return Page === null ? <div class="nothing">{texts.loading}</div> : <Page {...props} />;
}

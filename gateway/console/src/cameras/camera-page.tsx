/** The way to a camera's own page, with what one draws by. */
import type { OfCamera, User } from '@roadwatch/contract/api';
import { LazyPage } from '../shared/lazy-page.tsx';

export function CameraPage(props: { readonly of: OfCamera; readonly user: User }) {
  return (
    <LazyPage load={() => import('./one/one-camera.tsx')}>
      {({ OneCamera }) => <OneCamera {...props} />}
    </LazyPage>
  );
}

/** The way to a box's own page, with what one sets it by. */
import type { User } from '@roadwatch/contract/api';
import { LazyPage } from '../shared/lazy-page.tsx';
import type { OfAgent } from './of-agent.ts';

export function AgentPage(props: { readonly of: OfAgent; readonly user: User }) {
  return (
    <LazyPage load={() => import('./one/one-agent.tsx')}>
      {({ OneAgent }) => <OneAgent {...props} />}
    </LazyPage>
  );
}

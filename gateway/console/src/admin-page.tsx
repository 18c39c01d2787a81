/** The way to the administration. */
import { LazyPage } from './shared/lazy-page.tsx';

export function AdminPage({ part }: { readonly part: string | null }) {
  return <LazyPage load={() => import('./admin/admin.tsx')}>{({ Admin }) => <Admin part={part} />}</LazyPage>;
}

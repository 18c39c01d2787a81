/** What the makers of a release say of it, as they wrote it, and its files. */
import { LoadedPage } from '../../shared/api/loaded-page.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { useAdminTexts } from '../texts/index.ts';
import { megabytes } from './shown.ts';

export function Card({ id }: { readonly id: string }) {
  const { fleet } = useAdminTexts();
  const api = useApi();
  const loaded = useLoaded(() => api.fleet.release(id), [], id);
  return (
    <LoadedPage loaded={loaded} empty={false} none="" noneHint="">
      {loaded.value === null ? null : (
        <div class="release-card">
          {loaded.value.card === null ? (
            <p class="hint">{fleet.noCard}</p>
          ) : (
            <pre lang="en">{loaded.value.card}</pre>
          )}
          <ul>
            {loaded.value.files.map(({ name, bytes, sha256 }) => (
              <li key={name} class="topic">
                {name} · {megabytes(bytes)} · SHA-256 {sha256}
              </li>
            ))}
          </ul>
        </div>
      )}
    </LoadedPage>
  );
}

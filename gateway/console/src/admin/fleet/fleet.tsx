/** Models and agent packages: which there are, and how far each box is with them. */
import { LoadedPage } from '../../shared/api/loaded-page.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { useAdminTexts } from '../texts/index.ts';
import { Releases } from './releases.tsx';
import { Rollouts } from './rollouts.tsx';
import { UploadForm } from './upload-form.tsx';
import { Versions } from './versions.tsx';

export function Fleet() {
  const texts = useAdminTexts();
  const { fleet } = texts;
  const api = useApi();
  const releases = useLoaded(() => api.fleet.releases(), ['fleet'], 'releases');
  const items = releases.value ?? [];
  return (
    <section class="page">
      <header class="bar">
        <h1>{texts.pages.fleet}</h1>
        <span class="hint">{fleet.hint}</span>
      </header>
      <Versions />
      <Rollouts />
      <h2>{fleet.releases}</h2>
      <UploadForm onUploaded={releases.reload} />
      <LoadedPage loaded={releases} empty={items.length === 0} none={fleet.none} noneHint={fleet.noneHint}>
        <Releases releases={items} onChanged={releases.reload} />
      </LoadedPage>
    </section>
  );
}

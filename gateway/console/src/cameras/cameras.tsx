/** Cameras: who sees, who does not, and why; page by page, since a city has thousands. */

import type { OfCamera } from '@roadwatch/contract/api';
import { LivePane } from '../live/live-pane.tsx';
import { LoadedPage } from '../shared/api/loaded-page.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { MANY_APART_MS, useLoaded } from '../shared/api/use-loaded.ts';
import { at } from '../shared/route/base.ts';
import { navigate, replaceSearch, useSearch } from '../shared/route/route.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useNow } from '../shared/time/use-now.ts';
import { keyOf } from './figures.ts';
import { askedIn, searchFor } from './list/asked.ts';
import { FilterBar } from './list/filter-bar.tsx';
import { Row } from './list/row.tsx';

/** `live`: SITE/AGENT/CAMERA that is being watched. */
export function Cameras({ live }: { readonly live: string | null }) {
  const { cameras: texts, pages } = useTexts();
  const api = useApi();
  const now = useNow();
  const search = useSearch();
  const asked = askedIn(search);
  const loaded = useLoaded(
    () => api.field.cameraHealth(asked),
    ['camera', 'agent'],
    searchFor(asked),
    MANY_APART_MS,
  );
  const { items = [], next = null, counts = null } = loaded.value ?? {};
  const narrowed = asked.q !== '' || asked.tone !== null;
  const page = (after: string | null): void =>
    navigate(at(`/cameras${live === null ? '' : `/${live}/live`}${searchFor({ ...asked, after })}`));
  return (
    <section class={live === null ? 'page' : 'page with-live'}>
      <div class="list">
        <header class="bar">
          <h1>{pages.cameras}</h1>
          {counts === null ? null : (
            <span class="hint figures">{texts.summary(counts.streaming, counts.all)}</span>
          )}
        </header>
        <FilterBar asked={asked} counts={counts} onAsk={(other) => replaceSearch(searchFor(other))} />
        <LoadedPage
          loaded={loaded}
          empty={items.length === 0}
          none={narrowed ? texts.noneFound : texts.none}
          noneHint={narrowed ? texts.noneFoundHint : texts.noneHint}
        >
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it by keys */}
          <div class="scroll" tabIndex={0}>
            <table class="cameras">
              <thead>
                <tr>
                  <th class="still extra">{texts.picture}</th>
                  <th>{texts.camera}</th>
                  <th>{texts.state}</th>
                  <th>{texts.lastFrame}</th>
                  <th class="extra" title={texts.uptimeHint}>
                    {texts.uptime}
                  </th>
                  <th class="extra" title={texts.falseAlarmsHint}>
                    {texts.falseAlarms}
                  </th>
                  <th class="extra">{texts.rate}</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {items.map((camera) => (
                  <Row
                    key={keyOf(camera)}
                    camera={camera}
                    watched={keyOf(camera) === live}
                    now={now}
                    search={search}
                  />
                ))}
              </tbody>
            </table>
          </div>
        </LoadedPage>
        {asked.after === null && next === null ? null : (
          <nav class="bar pages" aria-label={pages.cameras}>
            <button type="button" disabled={asked.after === null} onClick={() => page(null)}>
              {texts.first}
            </button>
            <button type="button" disabled={next === null} onClick={() => page(next)}>
              {texts.next}
            </button>
          </nav>
        )}
      </div>
      {live === null ? null : (
        <Watched key={live} of={live} onClose={() => navigate(at(`/cameras${search}`))} />
      )}
    </section>
  );
}

/** It need not be in the page of the list. */
function Watched({ of: key, onClose }: { readonly of: string; readonly onClose: () => void }) {
  const [site = '', agent = '', camera = ''] = key.split('/');
  const of: OfCamera = { site, agent, camera };
  const api = useApi();
  const detail = useLoaded(() => api.field.camera(of), [], key).value;
  return <LivePane camera={of} name={detail?.name ?? { en: camera, zh: camera }} onClose={onClose} />;
}

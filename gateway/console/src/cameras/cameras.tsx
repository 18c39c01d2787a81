/** Cameras: who sees, who does not, and why. */

import type { Camera } from '@roadwatch/contract/api';
import { LivePane } from '../live/live-pane.tsx';
import { LoadedPage } from '../shared/api/loaded-page.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { CameraMark } from '../shared/camera-mark.tsx';
import { at } from '../shared/route/base.ts';
import { follow, navigate } from '../shared/route/route.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { age } from '../shared/time/time.ts';
import { useNow } from '../shared/time/use-now.ts';

/** `live`: SITE/AGENT/CAMERA that is being watched. */
export function Cameras({ live }: { readonly live: string | null }) {
  const { cameras: texts, pages } = useTexts();
  const language = useLanguage();
  const api = useApi();
  const now = useNow();
  const loaded = useLoaded(() => api.field.cameras(), ['camera', 'agent'], 'cameras');
  const cameras = loaded.value ?? [];
  const watched = cameras.find((camera) => keyOf(camera) === live);
  const streaming = cameras.filter((camera) => camera.state === 'streaming').length;
  return (
    <section class={watched === undefined ? 'page' : 'page with-live'}>
      <div class="list">
        <header class="bar">
          <h1>{pages.cameras}</h1>
          {cameras.length === 0 ? null : (
            <span class="hint figures">{texts.summary(streaming, cameras.length)}</span>
          )}
        </header>
        <LoadedPage loaded={loaded} empty={cameras.length === 0} none={texts.none} noneHint={texts.noneHint}>
          <div class="scroll">
            <table>
              <thead>
                <tr>
                  <th>{texts.camera}</th>
                  <th>{texts.state}</th>
                  <th>{texts.lastFrame}</th>
                  <th>{texts.rate}</th>
                  <th>{texts.size}</th>
                  <th>{texts.agent}</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {cameras.map((camera) => (
                  <Row
                    key={keyOf(camera)}
                    camera={camera}
                    name={camera.name[language]}
                    watched={camera === watched}
                    now={now}
                  />
                ))}
              </tbody>
            </table>
          </div>
        </LoadedPage>
      </div>
      {watched === undefined ? null : (
        <LivePane key={live} camera={watched} name={watched.name} onClose={() => navigate(at('/cameras'))} />
      )}
    </section>
  );
}

interface RowProps {
  readonly camera: Camera;
  readonly name: string;
  readonly watched: boolean;
  readonly now: number;
}

function Row({ camera, name, watched, now }: RowProps) {
  const texts = useTexts();
  const language = useLanguage();
  // The reason says more, in English only.
  const fault = texts.cameraFaults[camera.code ?? ''];
  return (
    <tr aria-current={watched ? 'true' : undefined}>
      <td>{name}</td>
      <td>
        <CameraMark camera={camera} />
        {fault === undefined || language === 'en' ? null : <small>{fault}</small>}
        {camera.reason === undefined ? null : <small lang="en">{camera.reason}</small>}
      </td>
      <td class="figures">
        {camera.lastFrameAt ? texts.ago(age(camera.lastFrameAt, now, language)) : texts.never}
      </td>
      <td class="figures">{camera.fps?.toFixed(1) ?? '–'}</td>
      <td class="figures">{camera.width === undefined ? '–' : `${camera.width} × ${camera.height}`}</td>
      <td class="name">
        {camera.site}/{camera.agent}
      </td>
      <td>
        <a class="button" href={at(`/cameras/${keyOf(camera)}`)} onClick={follow}>
          {texts.cameras.live}
        </a>
      </td>
    </tr>
  );
}

function keyOf({ site, agent, camera }: Camera): string {
  return `${site}/${agent}/${camera}`;
}

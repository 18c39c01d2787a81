/** One camera: what it sees with what is hidden of it, how it does, and what is set of it. */
import type { OfCamera, User } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { LivePane } from '../../live/live-pane.tsx';
import { settingsFileUrl } from '../../shared/api/field.ts';
import { LoadedPage } from '../../shared/api/loaded-page.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { CameraMark } from '../../shared/camera-mark.tsx';
import { at } from '../../shared/route/base.ts';
import { follow } from '../../shared/route/route.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { keyOf } from '../figures.ts';
import { useCameraTexts } from '../texts/index.ts';
import './camera.css';
import { Editor } from './editor.tsx';
import { Facts } from './facts.tsx';
import { Incidents } from './incidents.tsx';
import { LatestAlerts } from './latest-alerts.tsx';
import { Versions } from './versions.tsx';

interface Props {
  readonly of: OfCamera;
  readonly user: User;
}

export function OneCamera({ of: { site, agent, camera }, user }: Props) {
  const of: OfCamera = { site, agent, camera };
  const texts = useCameraTexts();
  const { never } = useTexts();
  const language = useLanguage();
  const api = useApi();
  const [live, setLive] = useState(false);
  const detail = useLoaded(() => api.field.camera(of), ['camera', 'agent'], keyOf(of));
  const settings = useLoaded(() => api.field.cameraSettings(of), ['camera'], keyOf(of));
  const shown = detail.value;
  const maySet = user.role === 'admin' || user.role === 'shift_lead';
  return (
    <section class="page camera-page">
      <header class="bar">
        <a class="button" href={at('/cameras')} onClick={follow}>
          {texts.all}
        </a>
        <h1 class="words">{shown?.name[language] ?? camera}</h1>
        {shown === null ? null : <CameraMark camera={shown} />}
        <span class="hint name">{keyOf(of)}</span>
        <span class="gap" />
        {live ? null : (
          <button type="button" onClick={() => setLive(true)}>
            {texts.live}
          </button>
        )}
        <a class="button" href={settingsFileUrl(of)} download>
          {texts.file}
        </a>
      </header>
      <LoadedPage loaded={detail} empty={false} none={never} noneHint="">
        {shown === null ? null : (
          <div class="camera-columns">
            <div class="camera-main">
              {live ? <LivePane camera={of} name={shown.name} onClose={() => setLive(false)} /> : null}
              <LoadedPage loaded={settings} empty={false} none={never} noneHint="">
                {settings.value === null ? null : (
                  <Editor
                    detail={shown}
                    settings={settings.value}
                    maySet={maySet}
                    onTaken={detail.reload}
                    onSaved={() => {
                      settings.reload();
                      detail.reload();
                    }}
                  />
                )}
              </LoadedPage>
            </div>
            <aside>
              <Facts detail={shown} />
              <Incidents of={of} />
              <LatestAlerts of={of} />
              {settings.value === null ? null : (
                <Versions of={of} newest={settings.value} maySet={maySet} onDone={settings.reload} />
              )}
            </aside>
          </div>
        )}
      </LoadedPage>
    </section>
  );
}

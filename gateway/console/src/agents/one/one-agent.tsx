/** One box: with what it runs, what is set of it and of its cameras, and what was. */
import type { User } from '@roadwatch/contract/api';
import { LoadedPage } from '../../shared/api/loaded-page.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { at } from '../../shared/route/base.ts';
import { follow } from '../../shared/route/route.ts';
import { useTexts } from '../../shared/texts/language.ts';
import type { OfAgent } from '../of-agent.ts';
import { useAgentTexts } from '../texts/index.ts';
import './agent.css';
import { Editor } from './editor.tsx';
import { Running } from './running.tsx';
import { Versions } from './versions.tsx';

interface Props {
  readonly of: OfAgent;
  readonly user: User;
}

export function OneAgent({ of, user }: Props) {
  const texts = useAgentTexts();
  const { never, online, offline } = useTexts();
  const api = useApi();
  const key = `${of.site}/${of.agent}`;
  const loaded = useLoaded(() => api.field.box(of), ['agent', 'camera'], key);
  const view = loaded.value;
  const maySet = user.role === 'admin' || user.role === 'shift_lead';
  return (
    <section class="page agent-page">
      <header class="bar">
        <a class="button" href={at('/agents')} onClick={follow}>
          {texts.all}
        </a>
        <h1 class="words">{key}</h1>
        {view === null ? null : (
          <span class={`mark ${view.online ? 'good' : 'bad'}`}>{view.online ? online : offline}</span>
        )}
      </header>
      <LoadedPage loaded={loaded} empty={false} none={never} noneHint="">
        {view === null ? null : (
          <div class="agent-columns">
            <Editor view={view} maySet={maySet && view.takesSettings} onSaved={loaded.reload} />
            <aside>
              <Running view={view} />
              <Versions view={view} maySet={maySet && view.takesSettings} onDone={loaded.reload} />
            </aside>
          </div>
        )}
      </LoadedPage>
    </section>
  );
}

/** What every page of settings has around its form: what it is about, saving, what somebody else has changed, and the history. */
import type { SettingsSection } from '@roadwatch/contract/api';
import type { ComponentChildren } from 'preact';
import { LoadedPage } from '../../shared/api/loaded-page.tsx';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useAdminTexts } from '../texts/index.ts';
import { ConflictNote } from './conflict.tsx';
import { FieldsContext } from './field.tsx';
import { History } from './history.tsx';
import { personName } from './person-name.ts';
import type { Settings } from './use-settings.ts';
import { useWhen } from './use-when.ts';

interface Props {
  readonly section: SettingsSection;
  readonly title: string;
  readonly hint: string;
  readonly settings: Settings<object>;
  readonly children: ComponentChildren;
}

export function SettingsFrame({ section, title, hint, settings, children }: Props) {
  const texts = useAdminTexts();
  const when = useWhen();
  const { loaded, dirty, busy, saved, problem, conflict } = settings;
  const view = loaded.value;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    settings.save();
  };
  return (
    <LoadedPage loaded={loaded} empty={false} none="" noneHint="">
      <form class="settings" onSubmit={submit} noValidate>
        <header>
          <h1>{title}</h1>
          <p class="hint">{hint}</p>
        </header>
        {conflict === null ? null : <ConflictNote conflict={conflict} onTake={settings.takeTheirs} />}
        <FieldsContext.Provider value={problem}>{children}</FieldsContext.Provider>
        <footer class="save-bar">
          <button type="submit" class="primary" disabled={!dirty || busy}>
            {texts.save}
          </button>
          <button type="button" disabled={!dirty || busy} onClick={settings.discard}>
            {texts.discard}
          </button>
          <span role="status">{dirty ? texts.unsaved : saved ? texts.saved : ''}</span>
          <ProblemNote problem={problem} />
          <span class="gap" />
          {view === null ? null : (
            <small class="figures">
              {texts.version(view.version, personName(view.by, texts), when(view.at))}
            </small>
          )}
        </footer>
      </form>
      {view === null ? null : <History section={section} version={view.version} onDone={settings.discard} />}
    </LoadedPage>
  );
}

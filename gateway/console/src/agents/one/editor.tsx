/** What is set of a box, changed field by field and saved as a whole, from the version that was seen. */
import type { BoxSettingsView } from '@roadwatch/contract/api';
import type { BoxSettings } from '@roadwatch/contract/box-settings.ts';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLeaveNote } from '../../shared/route/leave-note.ts';
import { useAgentTexts } from '../texts/index.ts';
import { AddedFields } from './added-fields.tsx';
import { CameraFields } from './camera-fields.tsx';
import { DeliveryNote } from './delivery-note.tsx';
import { withWholeNames } from './draft.ts';
import { ProblemsContext } from './fields.tsx';
import { ProblemList } from './problem-list.tsx';
import { WideFields } from './wide-fields.tsx';

interface Props {
  readonly view: BoxSettingsView;
  readonly maySet: boolean;
  readonly onSaved: () => void;
}

interface Draft {
  /** From which it was begun: who has saved meanwhile is told, not overwritten. */
  readonly version: number;
  readonly document: BoxSettings;
}

export function Editor({ view, maySet, onSaved }: Props) {
  const texts = useAgentTexts();
  const api = useApi();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const document = draft?.document ?? view.document;
  const disabled = !maySet || saving;
  const change = (next: BoxSettings): void =>
    setDraft({ version: draft?.version ?? view.version, document: next });
  const discard = (): void => {
    setDraft(null);
    setProblem(null);
  };
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (draft === null) return;
    setSaving(true);
    try {
      const names = new Map(view.cameras.map(({ camera, own, name }) => [camera, own?.name ?? name]));
      const { version } = draft;
      await api.field.setBox(view, { version, document: withWholeNames(draft.document, names) });
      discard();
    } catch (error) {
      setProblem(problemOf(error));
    }
    setSaving(false);
    onSaved();
  };
  const sendAgain = (): void => {
    api.field.resendBox(view).then(onSaved, (error) => setProblem(problemOf(error)));
  };
  useLeaveNote(draft !== null, texts.leaveSure);
  // What the box has said is of what was sent, not of what is being changed now.
  const wrong = problem?.fields ?? (draft === null ? view.delivery.problems : []);
  const fields = { document, disabled, onChange: change };
  return (
    <ProblemsContext.Provider value={wrong}>
      <form class="box-editor" onSubmit={(event) => void save(event)}>
        <DeliveryNote view={view} onSendAgain={maySet && draft === null ? sendAgain : null} />
        {problem === null ? null : problem.fields.length === 0 ? (
          <ProblemNote problem={problem} />
        ) : (
          <div class="problem" role="alert">
            <ProblemList problems={problem.fields} document={document} />
          </div>
        )}
        {!maySet ? null : (
          <div class="bar box-save">
            <button type="submit" class="primary" disabled={draft === null || saving}>
              {texts.save}
            </button>
            <button type="button" disabled={draft === null || saving} onClick={discard}>
              {texts.discard}
            </button>
            <span class="hint">{draft === null ? texts.saveHint : texts.unsaved}</span>
          </div>
        )}
        <WideFields own={view.configuration?.own} {...fields} />
        <CameraFields of={view} cameras={view.cameras} {...fields} />
        <AddedFields logins={view.configuration?.own?.logins ?? []} {...fields} />
      </form>
    </ProblemsContext.Provider>
  );
}

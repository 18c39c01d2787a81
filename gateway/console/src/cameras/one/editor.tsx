/** What is set of a camera, changed step by step and saved as a whole: drawn on its picture, on the map, and typed. */

import type { NormalizedPolygon } from '@roadwatch/contract';
import type { CameraDetail, CameraSettingsView } from '@roadwatch/contract/api';
import { type CameraSettings, shapeProblems } from '@roadwatch/contract/camera-settings.ts';
import { useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLeaveNote } from '../../shared/route/leave-note.ts';
import { useLanguage } from '../../shared/texts/language.ts';
import { useCameraTexts } from '../texts/index.ts';
import { DeliveryNote } from './delivery-note.tsx';
import {
  type Changes,
  changed,
  documentOf,
  FIRST_MASK,
  FIRST_ROAD,
  isChanged,
  NEW_DRAFT,
  undone,
} from './draft.ts';
import { Picture, type Tool } from './picture.tsx';
import { PictureLine } from './picture-line.tsx';
import { PlaceField } from './place-field.tsx';
import { SmallestField } from './smallest-field.tsx';
import { ThresholdField } from './threshold-field.tsx';
import { ToolBar } from './tool-bar.tsx';

interface Props {
  readonly detail: CameraDetail;
  readonly settings: CameraSettingsView;
  readonly maySet: boolean;
  readonly onSaved: () => void;
  readonly onTaken: () => void;
}

/** To begin with: about the size of a pothole far away and close by. */
const FIRST_HEIGHTS = { top: 0.01, bottom: 0.05 };

export function Editor({ detail, settings, maySet, onSaved, onTaken }: Props) {
  const texts = useCameraTexts();
  const language = useLanguage();
  const api = useApi();
  const [draft, setDraft] = useState(NEW_DRAFT);
  const [tool, setTool] = useState<Tool>(null);
  const [corner, setCorner] = useState<number | null>(null);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const changes = draft.now;
  const document = documentOf(settings.document, changes);
  const road = document.road ?? (changes.fields.road === null ? null : (detail.road ?? null));
  const heights =
    document.minBoxHeight ?? (changes.fields.minBoxHeight === null ? null : (detail.minBoxHeight ?? null));
  const hidden = [...detail.masks, ...document.masks];
  const wrong = isChanged(changes) ? shapeProblems({ road, masks: hidden }) : [];

  const change = (next: Changes, step = true): void => setDraft((before) => changed(before, next, step));
  const setField = <Name extends keyof Changes['fields']>(
    name: Name,
    value: CameraSettings[Name],
    step = true,
  ): void => change({ ...changes, fields: { ...changes.fields, [name]: value } }, step);
  const setMask = (mask: Changes['added'][number], step = true): void =>
    change({ ...changes, added: [...changes.added.slice(0, -1), mask] }, step);
  const choose = (chosen: Tool): void => {
    setTool(chosen);
    setCorner(null);
    if (chosen === 'road' && road === null) setField('road', FIRST_ROAD);
    if (chosen === 'box' && heights === null) setField('minBoxHeight', FIRST_HEIGHTS);
    if (chosen === 'mask' && changes.added.length === 0) change({ ...changes, added: [FIRST_MASK] });
  };
  const drawn = tool === 'road' ? road : tool === 'mask' ? (changes.added.at(-1) ?? null) : null;
  const draw = (shape: NormalizedPolygon, step = true): void =>
    tool === 'road' ? setField('road', shape, step) : setMask(shape, step);
  const chosen = corner !== null && drawn?.[corner] !== undefined ? corner : null;
  const discard = (): void => {
    setDraft(NEW_DRAFT);
    setProblem(null);
    choose(null);
  };
  const save = async (): Promise<void> => {
    if (changes.added.length > 0 && !confirm(texts.masksForGood(changes.added.length))) return;
    setSaving(true);
    setProblem(null);
    try {
      await api.field.setCamera(detail, { version: settings.version, document });
      discard();
    } catch (error) {
      setProblem(problemOf(error));
    }
    setSaving(false);
    // Also after a refusal: somebody else may have saved something.
    onSaved();
  };
  useUndoKey(() => setDraft(undone));
  useLeaveNote(isChanged(changes), texts.leaveSure);
  const resend = (): void => {
    api.field.resendCamera(detail).then(onSaved, (error) => setProblem(problemOf(error)));
  };

  return (
    <div class="camera-editor">
      <Picture
        detail={detail}
        tool={maySet ? tool : null}
        road={road}
        masks={[...detail.masks, ...settings.document.masks, ...changes.added.slice(0, -1)]}
        mask={changes.added.at(-1) ?? null}
        heights={heights}
        corner={chosen}
        onCorner={setCorner}
        onShape={draw}
        onHeights={(value, step) => setField('minBoxHeight', value, step)}
      />
      <PictureLine detail={detail} onTaken={onTaken} />
      {!maySet ? null : (
        <ToolBar
          tool={tool}
          changed={isChanged(changes)}
          canUndo={draft.past.length > 0}
          canSave={isChanged(changes) && wrong.length === 0 && !saving}
          onTool={choose}
          onMask={() => {
            change({ ...changes, added: [...changes.added, FIRST_MASK] });
            setCorner(null);
          }}
          onRemoveCorner={
            drawn === null || chosen === null
              ? null
              : () => {
                  draw(drawn.toSpliced(chosen, 1));
                  setCorner(null);
                }
          }
          onAsBox={(field) => setField(field, null)}
          onUndo={() => setDraft(undone)}
          onDiscard={discard}
          onSave={() => void save()}
        />
      )}
      {wrong.length === 0 ? null : (
        <div class="problem" role="alert">
          <p>{texts.wrong}</p>
          <ul>
            {wrong.map((entry) => (
              <li key={entry.path}>
                {texts.fields[entry.path === 'road' ? 'road' : 'masks']}: {entry[language]}
              </li>
            ))}
          </ul>
        </div>
      )}
      <FieldProblems problem={problem} />
      <DeliveryNote detail={detail} settings={settings} onSendAgain={maySet ? resend : null} />
      <SmallestField
        heights={heights}
        disabled={!maySet}
        onChange={(value) => setField('minBoxHeight', value)}
      />
      <ThresholdField
        detail={detail}
        saved={settings.document.thresholds}
        own={document.thresholds}
        disabled={!maySet}
        onChange={(value) => setField('thresholds', value)}
      />
      <PlaceField
        detail={detail}
        document={document}
        asBox={changes.fields}
        disabled={!maySet}
        onChange={(fields) => change({ ...changes, fields: { ...changes.fields, ...fields } })}
      />
    </div>
  );
}

/** What the gateway says of single fields it says in both languages. */
function FieldProblems({ problem }: { readonly problem: Problem | null }) {
  const language = useLanguage();
  if (problem === null || problem.fields.length === 0) return <ProblemNote problem={problem} />;
  return (
    <ul class="problem" role="alert">
      {problem.fields.map((field) => (
        <li key={field.path}>
          {field.path}: {field[language]}
        </li>
      ))}
    </ul>
  );
}

/** Ctrl+Z, but in a field, where it takes back what was typed. */
function useUndoKey(undo: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLInputElement;
      if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || typing) return;
      event.preventDefault();
      undo();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

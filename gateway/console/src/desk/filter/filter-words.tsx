/** What a desk looks for, in words, and the way back to everything; beside it how much waits in all, so that nobody forgets it. */
import { useNames } from '../../shared/narrowing/fields.tsx';
import { useCameraName } from '../../shared/narrowing/use-camera-name.ts';
import { useTexts } from '../../shared/texts/language.ts';
import { type Act, ActionButton } from '../action-button.tsx';
import { SHOW_ALL } from '../actions.ts';
import type { DeskState } from '../desk-state.ts';
import { FILTER_FIELDS, type FilterField } from './filter.ts';

interface Props {
  readonly state: DeskState;
  readonly now: number;
  /** How many wait, whatever is looked for. */
  readonly whole: number | null;
  readonly onAct: Act;
}

export function FilterWords({ state, now, whole, onAct }: Props) {
  const { finding: texts } = useTexts();
  const words = useWords(state);
  return (
    <p class="filter-words">
      <span>
        <b>{texts.only}</b> {words.join(' · ')}
      </span>
      {whole === null ? null : <span class="hint figures">{texts.inAll(whole)}</span>}
      <ActionButton action={SHOW_ALL} state={state} now={now} onAct={onAct} />
    </p>
  );
}

function useWords({ filter: { narrowed } }: DeskState): readonly string[] {
  const { finding: texts } = useTexts();
  const names = useNames();
  const camera = useCameraName(narrowed.camera ?? '');
  const wordsOf = (field: FilterField, value: string): string => {
    switch (field) {
      case 'camera':
        return camera;
      case 'damageClass':
      case 'unit':
      case 'area':
        return names[field].find(([own]) => own === value)?.[1] ?? value;
      case 'state':
        return texts.states[value as keyof typeof texts.states];
      default:
        return texts.words[field](value);
    }
  };
  return FILTER_FIELDS.flatMap((field) => {
    const value = narrowed[field];
    return value === undefined ? [] : [wordsOf(field, value)];
  });
}

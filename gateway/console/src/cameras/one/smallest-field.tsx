/** The smallest box at both edges of the picture, typed. */
import type { MinBoxHeight } from '@roadwatch/contract';
import { useCameraTexts } from '../texts/index.ts';
import { NumberField } from './number-field.tsx';

interface Props {
  readonly heights: MinBoxHeight | null;
  readonly disabled: boolean;
  readonly onChange: (heights: MinBoxHeight) => void;
}

export function SmallestField({ heights, disabled, onChange }: Props) {
  const texts = useCameraTexts();
  const set = (edge: 'top' | 'bottom', percent: number | null): void =>
    onChange({ ...(heights ?? { top: 0, bottom: 0 }), [edge]: Math.round((percent ?? 0) * 100) / 10_000 });
  const percent = (edge: 'top' | 'bottom'): number | null =>
    heights === null ? null : Math.round(heights[edge] * 10_000) / 100;
  return (
    <fieldset class="camera-fields">
      <legend>{texts.tools.box}</legend>
      <NumberField
        label={texts.smallestTop}
        {...{ value: percent('top'), min: 0, max: 100, disabled }}
        onChange={(value) => set('top', value)}
      />
      <NumberField
        label={texts.smallestBottom}
        {...{ value: percent('bottom'), min: 0, max: 100, disabled }}
        onChange={(value) => set('bottom', value)}
      />
    </fieldset>
  );
}

/** From which score damage of a class counts at this camera; the model's own is the least. */

import type { Thresholds } from '@roadwatch/contract';
import type { CameraDetail } from '@roadwatch/contract/api';
import { DAMAGE_CLASSES } from '@roadwatch/contract/damage-class.ts';
import { useLanguage } from '../../shared/texts/language.ts';
import { useCameraTexts } from '../texts/index.ts';
import { NumberField } from './number-field.tsx';

interface Props {
  readonly detail: CameraDetail;
  /** As it was saved last. */
  readonly saved: Thresholds;
  /** As it is to be saved. */
  readonly own: Thresholds;
  readonly disabled: boolean;
  readonly onChange: (own: Thresholds) => void;
}

export function ThresholdField({
  detail: { thresholds, modelThresholds },
  saved,
  own,
  disabled,
  onChange,
}: Props) {
  const texts = useCameraTexts();
  const language = useLanguage();
  // What the model does not know it never finds.
  const classes = DAMAGE_CLASSES.filter(({ name }) => modelThresholds[name] !== undefined);
  if (classes.length === 0) return null;
  return (
    <fieldset class="camera-fields">
      <legend>{texts.thresholds}</legend>
      {classes.map((entry) => {
        const least = modelThresholds[entry.name] ?? 0;
        // What the box has of its own is not known while it uses what was set here.
        const ofBox = saved[entry.name] === undefined ? (thresholds[entry.name] ?? least) : null;
        return (
          <NumberField
            key={entry.name}
            label={entry[language]}
            value={own[entry.name] ?? ofBox}
            min={least}
            max={1}
            hint={texts.model(String(least))}
            empty={texts.asBox}
            disabled={disabled}
            onChange={(value) => {
              const { [entry.name]: before, ...others } = own;
              if (value === null && before === undefined) return;
              // The model's own, too, is said: the box may have a higher one.
              onChange(value === null ? others : { ...others, [entry.name]: value });
            }}
          />
        );
      })}
    </fieldset>
  );
}

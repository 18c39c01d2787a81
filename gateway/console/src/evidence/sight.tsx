/** One picture of a place, whoever took it, as large as there is room; the damage is framed where the same camera took it. */
import type { AlertPicture } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { evidenceUrl } from '../shared/api/field.ts';
import { useTexts } from '../shared/texts/language.ts';
import { boxInPixels } from './zoom.ts';

export interface Sight {
  readonly key: string;
  readonly label: string;
  readonly sha256: string;
  /** Of the camera that saw the damage: where in its picture that is. */
  readonly damage: Pick<AlertPicture, 'box' | 'frame'> | null;
}

export function SightPicture({ sight: { sha256, label, damage } }: { readonly sight: Sight }) {
  const texts = useTexts();
  const [broken, setBroken] = useState<string | null>(null);
  if (broken === sha256) return <div class="picture nothing">{texts.compare.missing}</div>;
  const url = evidenceUrl(sha256);
  if (damage?.frame == null)
    return <img class="sight" src={url} alt={label} onError={() => setBroken(sha256)} />;
  const { width, height } = damage.frame;
  const box = boxInPixels(damage.box, width, height);
  return (
    <svg class="sight" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <image href={url} width={width} height={height} onError={() => setBroken(sha256)} />
      <rect class="box-edge" {...box} />
      <rect class="box" {...box} />
    </svg>
  );
}

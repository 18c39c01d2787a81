/** What the crew has photographed and what the camera saw after the repair, beside what it saw at first. */

import type { Inspection, TicketPhoto } from '@roadwatch/contract/api';
import { evidenceUrl } from '../shared/api/field.ts';
import { named } from '../shared/texts/index.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';

interface Props {
  readonly photos: readonly TicketPhoto[];
  readonly inspections: readonly Inspection[];
  /** SHA-256 of the one that is shown large. */
  readonly shown: string | null;
  readonly onShow: (sha256: string | null) => void;
}

export function Photos({ photos, inspections, shown, onShow }: Props) {
  const texts = useTexts();
  const { clockTime } = useWallClock();
  const looks = inspections.flatMap(({ evidence }) => evidence).filter(({ kind }) => kind === 'still');
  if (photos.length + looks.length === 0) return null;
  return (
    <section class="photos" aria-label={texts.crew.photos}>
      <button type="button" aria-pressed={shown === null} onClick={() => onShow(null)}>
        {texts.tickets.evidence}
      </button>
      {photos.map(({ sha256, step, takenAt }) => (
        <button
          key={sha256}
          type="button"
          aria-pressed={shown === sha256}
          title={clockTime(takenAt)}
          onClick={() => onShow(sha256)}
        >
          <img src={evidenceUrl(sha256)} alt="" height="48" />
          {named(texts.audit, `ticket.${step}`)}
        </button>
      ))}
      {looks.map(({ sha256 }) => (
        <button key={sha256} type="button" aria-pressed={shown === sha256} onClick={() => onShow(sha256)}>
          <img src={evidenceUrl(sha256)} alt="" height="48" />
          {texts.inspection.photo}
        </button>
      ))}
    </section>
  );
}

/** What the crew has photographed, beside what the camera saw. */
import { evidenceUrl } from '../shared/api.ts';
import { useTexts } from '../shared/language.ts';
import { named } from '../shared/texts/index.ts';
import { clockTime } from '../shared/time.ts';
import type { TicketPhoto } from '../shared/types.ts';

interface Props {
  readonly photos: readonly TicketPhoto[];
  /** SHA-256 of the one that is shown large. */
  readonly shown: string | null;
  readonly onShow: (sha256: string | null) => void;
}

export function Photos({ photos, shown, onShow }: Props) {
  const texts = useTexts();
  if (photos.length === 0) return null;
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
          {named(texts.action, step)}
        </button>
      ))}
    </section>
  );
}

/** Which cameras have pictures of the current alert, and whose is shown: one source never stands for another unnamed. */
import type { Alert, AlertPicture } from '@roadwatch/contract/api';
import { useLanguage, useTexts } from '../shared/texts/language.ts';

/** The picture that is asked for, else the one by which the alert is judged. */
export function pictureShown(alert: Alert, asked: string | null): AlertPicture | null {
  return (
    alert.pictures.find(({ alertId }) => alertId === asked) ??
    alert.pictures.find(({ source }) => source === alert.pictureOf) ??
    alert.pictures[0] ??
    null
  );
}

interface Props {
  readonly alert: Alert;
  readonly shown: AlertPicture | null;
  readonly onShow: (alertId: string) => void;
}

export function PictureSources({ alert, shown, onShow }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const cameras = alert.pictures.filter(({ source }) => source !== null);
  if (cameras.length < 2) return null;
  return (
    <div class="picture-sources" role="toolbar" aria-label={texts.pictureSources}>
      <span class="hint">{texts.pictureSources}</span>
      {cameras.map((picture) => (
        <button
          type="button"
          key={picture.alertId}
          aria-pressed={picture === shown}
          onClick={() => onShow(picture.alertId)}
        >
          {picture.cameraName[language]}
        </button>
      ))}
    </div>
  );
}

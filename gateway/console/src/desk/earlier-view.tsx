/** An earlier picture of the same view, named as such, in the place of the present one. */
import type { Alert } from '@roadwatch/contract/api';
import { EvidenceView } from '../evidence/evidence-view.tsx';
import { pictureShown } from '../evidence/picture-sources.tsx';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { age } from '../shared/time/time.ts';

interface Props {
  readonly alert: Alert;
  readonly now: number;
  readonly withBox: boolean;
}

export function EarlierView({ alert, now, withBox }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  return (
    <>
      <p class="stage-note" role="status">
        {texts.earlierView(age(alert.createdAt, now, language), texts.alertState[alert.state])}
      </p>
      <EvidenceView
        key={alert.id}
        alert={alert}
        shown={pictureShown(alert, null)}
        options={{ withBox, zoomed: false, clip: false }}
      />
    </>
  );
}

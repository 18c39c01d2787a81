/** The picture at full height, with or without the box; the box is drawn here, so that it can be taken away and stays thin. */
import { useState } from 'preact/hooks';
import { evidenceUrl } from '../shared/api.ts';
import { damageName } from '../shared/damage.ts';
import { useLanguage, useTexts } from '../shared/language.ts';
import type { Alert } from '../shared/types.ts';
import { ReportView } from './report-view.tsx';
import { around, boxInPixels } from './zoom.ts';

export interface EvidenceLook {
  readonly withBox: boolean;
  readonly zoomed: boolean;
  readonly clip: boolean;
}

export function EvidenceView({ alert, look }: { readonly alert: Alert; readonly look: EvidenceLook }) {
  const texts = useTexts();
  const clip = alert.evidence.find(({ kind }) => kind === 'clip');
  if (!look.clip) return <Picture alert={alert} look={look} />;
  if (clip?.available !== true) {
    return <div class="picture nothing">{clip === undefined ? texts.noClip : texts.clipComing}</div>;
  }
  return (
    <div class="picture">
      <video
        src={evidenceUrl(clip.sha256)}
        controls
        autoplay
        loop
        muted
        playsInline
        aria-label={texts.clipOf}
      />
    </div>
  );
}

function Picture({
  alert,
  look: { withBox, zoomed },
}: {
  readonly alert: Alert;
  readonly look: EvidenceLook;
}) {
  const texts = useTexts();
  const language = useLanguage();
  const [broken, setBroken] = useState(false);
  const still = alert.evidence.find(({ kind, available }) => kind === 'still' && available);
  const picture = still ?? alert.evidence.find(({ kind, available }) => kind === 'overlay' && available);
  if (picture === undefined && alert.report !== null) return <ReportView report={alert.report} />;
  if (picture === undefined || broken) {
    return <div class="picture nothing">{broken ? texts.pictureMissing : texts.pictureComing}</div>;
  }
  const { width, height } = alert.frame ?? { width: 16, height: 9 };
  const box = boxInPixels(alert.box, width, height);
  const view = zoomed ? around(box, width, height) : { x: 0, y: 0, width, height };
  const name = damageName(alert.damageClass, language);
  return (
    <div class="picture">
      <svg
        viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
        role="img"
        aria-label={texts.evidenceOf(name, alert.cameraName[language])}
      >
        <image
          href={evidenceUrl(picture.sha256)}
          width={width}
          height={height}
          onError={() => setBroken(true)}
        />
        {withBox && still !== undefined ? (
          <>
            <rect class="box-edge" {...box} />
            <rect class="box" {...box} />
          </>
        ) : null}
      </svg>
    </div>
  );
}

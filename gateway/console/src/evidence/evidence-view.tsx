/** The picture at full height, with or without the box; the box is drawn here, so that it can be taken away and stays thin. */

import type { Alert, AlertPicture, Evidence } from '@roadwatch/contract/api';
import { useEffect, useState } from 'preact/hooks';
import { evidenceUrl } from '../shared/api/field.ts';
import { damageName } from '../shared/texts/damage.ts';
import type { Texts } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { ClipNotHere } from './clip-not-here.tsx';
import { pictureShown } from './picture-sources.tsx';
import { ReportView } from './report-view.tsx';
import { around, boxInPixels } from './zoom.ts';

interface ViewOptions {
  readonly withBox: boolean;
  readonly zoomed: boolean;
  readonly clip: boolean;
}

interface PictureProps {
  readonly alert: Alert;
  readonly shown: AlertPicture | null;
  readonly options: ViewOptions;
  /** Called once what there is to see is on the screen: the picture, or the words that stand in its place. */
  readonly onSeen: () => void;
}

interface Props extends Partial<PictureProps> {
  readonly alert: Alert;
}

const nobodyWaits = (): void => {};

const WHOLE_WITH_BOX: ViewOptions = { withBox: true, zoomed: false, clip: false };

/** Left out: `shown`, the picture by which the alert is judged; `options`, all of it with its box. */
export function EvidenceView({
  alert,
  shown = pictureShown(alert, null),
  options = WHOLE_WITH_BOX,
  onSeen = nobodyWaits,
}: Props) {
  const texts = useTexts();
  const clip = shown?.evidence.find(({ kind }) => kind === 'clip');
  if (!options.clip)
    return <Picture key={shown?.alertId} alert={alert} shown={shown} options={options} onSeen={onSeen} />;
  if (clip === undefined) {
    const gone = whyMissing(shown, 'clip', texts);
    return <div class="picture nothing">{gone === null ? texts.noClip : texts.clipGone(gone)}</div>;
  }
  if (!clip.available) return <ClipNotHere key={clip.sha256} clip={clip} />;
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
      {clip.beginsAt === undefined ? null : <ClipBegins at={clip.beginsAt} />}
      <SourceName shown={shown} />
    </div>
  );
}

function ClipBegins({ at }: { readonly at: string }) {
  const { clipBegins } = useTexts();
  const { clockTime } = useWallClock();
  return <p class="clip-begins">{clipBegins(clockTime(at))}</p>;
}

/** Null: it may still come. */
function whyMissing(
  shown: AlertPicture | null,
  kind: Evidence['kind'],
  { missing }: Pick<Texts, 'missing'>,
): string | null {
  const reason = shown?.missing.find((entry) => entry.kind === kind)?.reason;
  return reason === undefined ? null : (missing[reason] ?? reason);
}

/** Under every picture and clip: whose it is. */
function SourceName({ shown }: { readonly shown: AlertPicture | null }) {
  const texts = useTexts();
  const language = useLanguage();
  if (shown?.source == null) return null;
  const [site, agent] = shown.source.split('/');
  return (
    <p class="picture-of">
      {texts.pictureOf(shown.cameraName[language], `${site}/${agent}`)}
      {shown.signed ? ` · ${texts.signed}` : ''}
    </p>
  );
}

function Picture({ alert, shown, options: { withBox, zoomed }, onSeen }: PictureProps) {
  const texts = useTexts();
  const language = useLanguage();
  const [broken, setBroken] = useState(false);
  const still = shown?.evidence.find(({ kind, available }) => kind === 'still' && available);
  const picture = still ?? shown?.evidence.find(({ kind, available }) => kind === 'overlay' && available);
  const loads = shown !== null && picture !== undefined && !broken;
  useEffect(() => {
    if (!loads) onSeen();
  }, [loads, onSeen]);
  if (picture === undefined && alert.report !== null) return <ReportView report={alert.report} />;
  if (shown === null || picture === undefined || broken) {
    const gone = whyMissing(shown, 'still', texts);
    const waiting = gone === null ? texts.pictureComing : texts.pictureGone(gone);
    return <div class="picture nothing">{broken ? texts.pictureMissing : waiting}</div>;
  }
  const { width, height } = shown.frame ?? { width: 16, height: 9 };
  const box = boxInPixels(shown.box, width, height);
  const view = zoomed ? around(box, width, height) : { x: 0, y: 0, width, height };
  const name = damageName(shown.damageClass, language);
  return (
    <div class="picture">
      <svg
        viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
        role="img"
        aria-label={texts.evidenceOf(name, shown.cameraName[language])}
      >
        <image
          href={evidenceUrl(picture.sha256)}
          width={width}
          height={height}
          onLoad={onSeen}
          onError={() => setBroken(true)}
        />
        {withBox && still !== undefined ? (
          <>
            <rect class="box-edge" {...box} />
            <rect class="box" {...box} />
          </>
        ) : null}
      </svg>
      <SourceName shown={shown} />
    </div>
  );
}

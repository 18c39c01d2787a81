/** How a camera does, in figures. */
import type { CameraDetail } from '@roadwatch/contract/api';
import { CameraFaultMark } from '../../shared/camera-fault-mark.tsx';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';
import { useNow } from '../../shared/time/use-now.ts';
import { falseAlarmText, shareText } from '../figures.ts';
import { useCameraTexts } from '../texts/index.ts';

export function Facts({ detail }: { readonly detail: CameraDetail }) {
  const texts = useCameraTexts();
  const { ago, never, cameraFaults } = useTexts();
  const language = useLanguage();
  const now = useNow();
  const { figures, lastFrameAt, code, reason } = detail;
  const facts: readonly (readonly [string, string])[] = [
    [texts.lastFrame, lastFrameAt ? ago(age(lastFrameAt, now, language)) : never],
    [texts.uptime, shareText(figures.uptimeDay)],
    [texts.uptimeWeek, shareText(figures.uptimeWeek)],
    [texts.falseAlarms, figures.judged === 0 ? texts.noneJudged : falseAlarmText(figures)],
    [texts.size, detail.width === undefined ? '–' : `${detail.width} × ${detail.height}`],
  ];
  return (
    <section>
      <h2>{texts.facts}</h2>
      <dl class="camera-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="figures">{value}</dd>
          </div>
        ))}
      </dl>
      {code === undefined || cameraFaults[code] === undefined ? null : <p>{cameraFaults[code]}</p>}
      {reason === undefined ? null : (
        <p class="hint words" lang="en">
          {reason}
        </p>
      )}
      {(detail.faults ?? []).map((fault) => (
        <p key={fault.code}>
          <CameraFaultMark fault={fault} />
        </p>
      ))}
    </section>
  );
}

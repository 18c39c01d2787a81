/** All pictures of a ticket, to compare: the damage as its camera saw it, the crew's photographs, the camera's look after the repair. */
import type { TicketDetail } from '@roadwatch/contract/api';
import { Compare } from '../evidence/compare.tsx';
import { ReportView } from '../evidence/report-view.tsx';
import type { Sight } from '../evidence/sight.tsx';
import { named } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';

type Pictured = Pick<TicketDetail, 'pictures' | 'photos' | 'inspections' | 'report'>;

/** Shown at first: the damage beside what came of it, as its camera saw it last, or else its crew. */
export function Sights({ ticket }: { readonly ticket: Pictured }) {
  const texts = useTexts();
  const language = useLanguage();
  const { clockTime } = useWallClock();
  const ofCamera = ticket.pictures.flatMap((picture): Sight[] => {
    const still = picture.evidence.find(({ kind, available }) => kind === 'still' && available);
    const shown = still ?? picture.evidence.find(({ kind, available }) => kind === 'overlay' && available);
    if (shown === undefined) return [];
    const label = texts.compare.camera(picture.cameraName[language]);
    // An overlay has its frame drawn already.
    return [{ key: shown.sha256, label, sha256: shown.sha256, damage: still === undefined ? null : picture }];
  });
  const ofCrew = ticket.photos.map(({ sha256, step, takenAt }): Sight => {
    const label = texts.compare.crew(named(texts.audit, `ticket.${step}`), clockTime(takenAt));
    return { key: sha256, label, sha256, damage: null };
  });
  const first = ticket.pictures[0];
  const ofInspections = ticket.inspections.flatMap(({ evidence, endedAt, requestedAt }) =>
    evidence
      .filter(({ kind }) => kind === 'still')
      .map(({ sha256 }): Sight => {
        const label = texts.compare.inspection(clockTime(endedAt ?? requestedAt));
        return { key: sha256, label, sha256, damage: first ?? null };
      }),
  );
  const [before, ...rest] = [...ofCamera, ...ofCrew, ...ofInspections];
  if (before === undefined)
    return ticket.report === null ? (
      <div class="picture nothing">{texts.compare.none}</div>
    ) : (
      <ReportView report={ticket.report} />
    );
  const after = ofInspections.at(-1) ?? ofCrew.at(-1) ?? rest.at(-1);
  return <Compare sights={[before, ...rest]} before={before.key} after={after?.key ?? null} />;
}

/** Where an alert comes from: the camera and how it is, the place, the box or the report, and the unit that a ticket goes to. */
import type { Alert } from '@roadwatch/contract/api';
import { useApi } from '../../shared/api/use-api.ts';
import { MANY_APART_MS, useLoaded } from '../../shared/api/use-loaded.ts';
import { CameraMark } from '../../shared/camera-mark.tsx';
import { Place } from '../../shared/position.tsx';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';

export function AlertSource({ alert, now }: { readonly alert: Alert; readonly now: number }) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const { facts } = texts;
  const { site, agent, camera: id } = alert;
  const { value: camera } = useLoaded(
    async () => (alert.report === null ? api.field.cameraIfKnown({ site, agent, camera: id }) : null),
    ['camera', 'agent'],
    `${site}/${agent}/${id}`,
    MANY_APART_MS,
  );
  const { value: units } = useLoaded(() => api.field.units(), [], 'units');
  const unit = units?.find(({ id }) => id === alert.unitId);
  return (
    <>
      <h3>{texts.cameraFacts}</h3>
      <dl>
        {alert.report !== null ? null : (
          <>
            <dt>{facts.camera}</dt>
            <dd>{alert.cameraName[language]}</dd>
          </>
        )}
        <dt>{facts.place}</dt>
        <dd class="figures">
          {alert.position === null ? (
            (alert.report?.address ?? texts.noPlace)
          ) : (
            <Place position={alert.position} />
          )}
        </dd>
        {alert.report !== null ? null : (
          <>
            <dt>{facts.cameraState}</dt>
            <dd>{camera === null ? '–' : <CameraMark camera={camera} />}</dd>
            <dt>{facts.lastFrame}</dt>
            <dd class="figures">
              {camera === null
                ? '–'
                : camera.lastFrameAt
                  ? texts.ago(age(camera.lastFrameAt, now, language))
                  : texts.never}
            </dd>
          </>
        )}
        <dt>{alert.report === null ? facts.agent : texts.report.number}</dt>
        <dd>{alert.report === null ? `${alert.site}/${alert.agent}` : alert.report.number}</dd>
        {unit === undefined ? null : (
          <>
            <dt>{facts.dispatchTo}</dt>
            <dd>{unit.name[language]}</dd>
          </>
        )}
      </dl>
    </>
  );
}

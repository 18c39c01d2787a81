/** What was wrong with this camera, each with a picture of before and one of when it had begun. */
import type { Incident, OfCamera } from '@roadwatch/contract/api';
import { evidenceUrl, thumbnailUrl } from '../../shared/api/field.ts';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { named } from '../../shared/texts/index.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';
import { useNow } from '../../shared/time/use-now.ts';
import { keyOf } from '../figures.ts';
import { useCameraTexts } from '../texts/index.ts';

export function Incidents({ of }: { readonly of: OfCamera }) {
  const texts = useCameraTexts();
  const api = useApi();
  const incidents = useLoaded(() => api.field.incidents(of), ['camera'], keyOf(of)).value ?? [];
  return (
    <section>
      <h2>{texts.incidents}</h2>
      {incidents.length === 0 ? <p class="hint">{texts.noIncidents}</p> : null}
      <ul class="camera-incidents">
        {incidents.map((incident) => (
          <Line key={incident.id} incident={incident} />
        ))}
      </ul>
    </section>
  );
}

function Line({
  incident: { code, detail, beganAt, endedAt, before, fault },
}: {
  readonly incident: Incident;
}) {
  const texts = useCameraTexts();
  const { ago, cameraCares, cameraState } = useTexts();
  const language = useLanguage();
  const now = useNow();
  const when = (at: string): string => ago(age(at, now, language));
  return (
    <li>
      <span class={`mark ${endedAt === null ? 'warn' : 'good'}`}>
        {named({ ...cameraState, ...cameraCares }, code)}
      </span>
      <small>
        {endedAt === null ? texts.goesOn(when(beganAt)) : texts.wasOver(when(beganAt), when(endedAt))}
      </small>
      {detail === '' ? null : <small lang="en">{detail}</small>}
      <span>
        <Picture picture={before} name={texts.pictureBefore} />
        <Picture picture={fault} name={texts.pictureFault} />
      </span>
    </li>
  );
}

function Picture({ picture, name }: { readonly picture: Incident['before']; readonly name: string }) {
  if (picture === null) return null;
  return (
    <a href={evidenceUrl(picture.sha256)} target="_blank" rel="noreferrer" title={name}>
      <img
        class="thumb"
        src={thumbnailUrl(picture.sha256)}
        alt={name}
        loading="lazy"
        width="96"
        height="54"
      />
    </a>
  );
}

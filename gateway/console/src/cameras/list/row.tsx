/** One camera of the list: how it sees, how often it saw, how often it was wrong. */
import type { CameraHealth } from '@roadwatch/contract/api';
import { thumbnailUrl } from '../../shared/api/field.ts';
import { CameraFaultMark } from '../../shared/camera-fault-mark.tsx';
import { CameraMark } from '../../shared/camera-mark.tsx';
import { at } from '../../shared/route/base.ts';
import { follow } from '../../shared/route/route.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';
import { falseAlarmText, keyOf, shareText } from '../figures.ts';

interface Props {
  readonly camera: CameraHealth;
  readonly watched: boolean;
  readonly now: number;
  /** What the list is asked for: it stays while one camera after the other is watched. */
  readonly search: string;
}

export function Row({ camera, watched, now, search }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const { figures, picture, settings } = camera;
  const name = camera.name[language];
  // The reason says more, in English only.
  const fault = texts.cameraFaults[camera.code ?? ''];
  return (
    <tr aria-current={watched ? 'true' : undefined}>
      <td class="still extra">
        {picture === null ? (
          <span class="thumb" />
        ) : (
          <img
            class="thumb"
            src={thumbnailUrl(picture.sha256)}
            alt=""
            loading="lazy"
            width="96"
            height="54"
          />
        )}
      </td>
      <td class="words">
        <a href={at(`/cameras/${keyOf(camera)}`)} onClick={follow}>
          {name}
        </a>
        <small class="name">{keyOf(camera)}</small>
      </td>
      <td>
        <CameraMark camera={camera} />
        {fault === undefined || language === 'en' ? null : <small>{fault}</small>}
        {camera.reason === undefined ? null : <small lang="en">{camera.reason}</small>}
        {(camera.faults ?? []).map((fault) => (
          <CameraFaultMark key={fault.code} fault={fault} />
        ))}
        {settings === 'waiting' || settings === 'refused' ? (
          <small class={settings === 'refused' ? 'late' : undefined}>
            {texts.cameras.delivery[settings]}
          </small>
        ) : null}
      </td>
      <td class="figures">
        {camera.lastFrameAt ? texts.ago(age(camera.lastFrameAt, now, language)) : texts.never}
      </td>
      <td class="figures extra">
        {shareText(figures.uptimeDay)} / {shareText(figures.uptimeWeek)}
      </td>
      <td class="figures extra">{falseAlarmText(figures)}</td>
      <td class="figures extra">{camera.fps?.toFixed(1) ?? '–'}</td>
      <td>
        <a class="button" href={at(`/cameras/${keyOf(camera)}/live${search}`)} onClick={follow}>
          {texts.cameras.live}
        </a>
      </td>
    </tr>
  );
}

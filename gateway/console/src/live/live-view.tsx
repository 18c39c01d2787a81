/** The camera as it is now, through the gateway; until it moves, the last that was seen of it, and in words why it does not. */

import type { BilingualText } from '@roadwatch/contract';
import type { OfCamera } from '@roadwatch/contract/api';
import { useRef } from 'preact/hooks';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { LiveNote } from './live-note.tsx';
import { LiveStill } from './live-still.tsx';
import { useLive } from './use-live.ts';

export interface LiveProps {
  readonly camera: OfCamera;
  readonly name: BilingualText;
  readonly onClose: () => void;
}

export function LiveView({ camera: { site, agent, camera }, name, onClose }: LiveProps) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const canvas = useRef<HTMLCanvasElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const of = { site, agent, camera };
  const { value: detail } = useLoaded(
    () => api.field.camera(of),
    ['camera', 'agent'],
    `${site}/${agent}/${camera}`,
  );
  const { phase, view, restart } = useLive(of, { canvas, video });
  const moves = phase.kind === 'playing';
  return (
    <section
      class="live"
      aria-label={texts.live.title(name[language])}
      data-phase={phase.kind}
      data-format={view?.format}
    >
      <canvas ref={canvas} hidden={view?.format === 'fmp4'} />
      <video ref={video} hidden={view?.format !== 'fmp4'} muted playsInline />
      {moves || detail === null || detail.picture === null ? null : (
        <LiveStill picture={detail.picture} name={name} />
      )}
      <header>
        <span class={moves ? 'on-air' : 'off-air'}>{texts.live.playing}</span>
        <span class="live-name">{name[language]}</span>
        {moves && view?.masked ? <span class="live-masked">{texts.live.masked}</span> : null}
        <span class="gap" />
        <button type="button" onClick={onClose}>
          {texts.close} <kbd>{texts.keyName.escape}</kbd>
        </button>
      </header>
      {moves ? null : <LiveNote phase={phase} of={of} name={name} detail={detail} onRestart={restart} />}
    </section>
  );
}

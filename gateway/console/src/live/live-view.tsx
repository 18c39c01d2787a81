/** The camera as it is now, through the gateway. It says whom it waits for and why it ended, and ends when it is closed. */

import type { BilingualText } from '@roadwatch/contract';
import type { OfCamera } from '@roadwatch/contract/api';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { problemText } from '../shared/api/problem-text.ts';
import { useApi } from '../shared/api/use-api.ts';
import type { Texts } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { tsSource } from './ts-source.ts';

export interface LiveProps {
  readonly camera: OfCamera;
  readonly name: BilingualText;
  readonly onClose: () => void;
}

type Phase =
  | { readonly kind: 'waiting' | 'playing' }
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** RFC 6455, 7.4.1: an orderly end, and the gateway or the agent going away. */
const ORDERLY: ReadonlySet<number> = new Set([1000, 1001]);
const BUFFER_BYTES = 1024 * 1024;

export function LiveView({ camera, name, onClose }: LiveProps) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [phase, setPhase] = useState<Phase>({ kind: 'waiting' });
  const [attempt, setAttempt] = useState(0);
  const { site, agent, camera: id } = camera;

  useEffect(() => {
    let player: { destroy(): void } | null = null;
    let over = false;
    const tell = (next: Phase): void => {
      if (!over) setPhase(next);
    };
    const play = async (): Promise<void> => {
      tell({ kind: 'waiting' });
      const [{ path }, { default: JSMpeg }] = await Promise.all([
        api.field.startLive({ site, agent, camera: id }),
        import('@cycjimmy/jsmpeg-player'),
      ]);
      if (over || canvas.current === null) return;
      const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
      player = new JSMpeg.Player(`${scheme}://${location.host}${path}`, {
        canvas: canvas.current,
        source: tsSource((code) => tell({ kind: 'ended', code })),
        audio: false,
        disableGl: true,
        // The page's content security policy compiles no WebAssembly.
        disableWebAssembly: true,
        pauseWhenHidden: false,
        videoBufferSize: BUFFER_BYTES,
        onVideoDecode: () => {
          if (!over) setPhase((before) => (before.kind === 'waiting' ? { kind: 'playing' } : before));
        },
      });
    };
    play().catch((error) => tell({ kind: 'failed', problem: problemOf(error) }));
    return () => {
      over = true;
      player?.destroy();
    };
  }, [api, site, agent, id, attempt]);

  const over = phase.kind === 'ended' || phase.kind === 'failed';
  return (
    <section class="live" aria-label={texts.live.title(name[language])} data-phase={phase.kind}>
      <canvas ref={canvas} />
      <header>
        <span class={phase.kind === 'playing' ? 'on-air' : 'off-air'}>{texts.live.playing}</span>
        {name[language]}
        <span class="gap" />
        <button type="button" onClick={onClose}>
          {texts.close} <kbd>{texts.keyName.escape}</kbd>
        </button>
      </header>
      {phase.kind === 'playing' ? null : (
        <div class="live-note" role="status">
          <p>{phaseText(phase, name[language], `${site}/${agent}`, texts)}</p>
          {over ? (
            <button type="button" onClick={() => setAttempt((before) => before + 1)}>
              {texts.live.restart}
            </button>
          ) : null}
        </div>
      )}
    </section>
  );
}

function phaseText(phase: Phase, camera: string, agent: string, texts: Texts): string {
  switch (phase.kind) {
    case 'waiting':
    case 'playing':
      return texts.live.waitingFor(camera, agent);
    case 'ended':
      return ORDERLY.has(phase.code) ? texts.live.ended : texts.live.lost;
    case 'failed':
      return problemText(phase.problem, texts);
  }
}

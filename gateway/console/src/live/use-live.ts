/** A live view from the first request to its end: what it is doing, and the way to begin anew. It ends with the component. */
import type { PassedCodec } from '@roadwatch/contract';
import type { LiveView, OfCamera } from '@roadwatch/contract/api';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { useApi } from '../shared/api/use-api.ts';
import { playFmp4 } from './play-fmp4.ts';
import { playTs } from './play-ts.ts';
import { isPlayable, playableCodecs } from './playable.ts';

export type Phase =
  | { readonly kind: 'waiting' | 'playing' }
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** RFC 6455, 7.4.1: what came is of a kind that cannot be taken. */
const UNPLAYABLE = 1003;

/** One is drawn on, by the form in which the pictures come. */
export interface Screens {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly video: RefObject<HTMLVideoElement | null>;
}

export interface Live {
  readonly phase: Phase;
  /** Null before it is known how the pictures come. */
  readonly view: LiveView | null;
  readonly restart: () => void;
}

export function useLive({ site, agent, camera }: OfCamera, { canvas, video }: Screens): Live {
  const api = useApi();
  const [phase, setPhase] = useState<Phase>({ kind: 'waiting' });
  const [view, setView] = useState<LiveView | null>(null);
  const [attempt, setAttempt] = useState(0);
  /** After what the browser said it could play has not played: the form that always does. */
  const [plays, setPlays] = useState<readonly PassedCodec[]>(playableCodecs);
  useEffect(() => {
    let player: { destroy(): void } | null = null;
    let over = false;
    const tell = (next: Phase): void => {
      if (!over) setPhase(next);
    };
    const events = {
      onPicture: () => {
        if (!over) setPhase((before) => (before.kind === 'waiting' ? { kind: 'playing' } : before));
      },
      onClosed: (code: number) => tell({ kind: 'ended', code }),
      onUnplayable: () => {
        if (plays.length > 0 && !over) setPlays([]);
        else tell({ kind: 'ended', code: UNPLAYABLE });
      },
    };
    const play = async (): Promise<void> => {
      tell({ kind: 'waiting' });
      const begun = await api.field.startLive({ site, agent, camera }, plays);
      if (over || canvas.current === null || video.current === null) return;
      setView(begun);
      if (begun.format === 'mpeg1') {
        const started = await playTs(socketUrl(begun.path), canvas.current, events);
        if (over) started.destroy();
        else player = started;
      } else if (begun.codecs !== undefined && isPlayable(begun.codecs))
        player = playFmp4(socketUrl(begun.path), begun.codecs, video.current, events);
      else events.onUnplayable();
    };
    play().catch((error) => tell({ kind: 'failed', problem: problemOf(error) }));
    return () => {
      over = true;
      player?.destroy();
    };
  }, [api, site, agent, camera, canvas, video, plays, attempt]);
  return { phase, view, restart: () => setAttempt((before) => before + 1) };
}

function socketUrl(path: string): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`;
}

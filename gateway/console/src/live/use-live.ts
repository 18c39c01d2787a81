/** A live view from the first request to its end: what it is doing, and the way to begin anew. It ends with the component. */
import type { OfCamera } from '@roadwatch/contract/api';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { useApi } from '../shared/api/use-api.ts';
import { playTs } from './play-ts.ts';

export type Phase =
  | { readonly kind: 'waiting' | 'playing' }
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'failed'; readonly problem: Problem };

export function useLive(
  { site, agent, camera }: OfCamera,
  canvas: RefObject<HTMLCanvasElement | null>,
): { readonly phase: Phase; readonly restart: () => void } {
  const api = useApi();
  const [phase, setPhase] = useState<Phase>({ kind: 'waiting' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let player: { destroy(): void } | null = null;
    let over = false;
    const tell = (next: Phase): void => {
      if (!over) setPhase(next);
    };
    const play = async (): Promise<void> => {
      tell({ kind: 'waiting' });
      const { path } = await api.field.startLive({ site, agent, camera });
      if (over || canvas.current === null) return;
      const started = await playTs(socketUrl(path), canvas.current, {
        onPicture: () => {
          if (!over) setPhase((before) => (before.kind === 'waiting' ? { kind: 'playing' } : before));
        },
        onClosed: (code) => tell({ kind: 'ended', code }),
      });
      if (over) started.destroy();
      else player = started;
    };
    play().catch((error) => tell({ kind: 'failed', problem: problemOf(error) }));
    return () => {
      over = true;
      player?.destroy();
    };
  }, [api, site, agent, camera, canvas, attempt]);
  return { phase, restart: () => setAttempt((before) => before + 1) };
}

function socketUrl(path: string): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`;
}

/** Interrupts for what cannot wait: something dangerous, a deadline that was missed, a camera that is lost; and counts how often. */
import type { Alert, Camera, Notice } from '@roadwatch/contract/api';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useApi } from '../../shared/api/use-api.ts';
import { MANY_APART_MS, useLoaded } from '../../shared/api/use-loaded.ts';
import { useTexts } from '../../shared/texts/language.ts';
import { type Interruption, interrupted, QUIET, type Rate } from './rate.ts';
import { audio, play } from './sounds.ts';

/** What these say when their time has come is that something is to be looked at, not that anybody is late. */
const REMINDERS: ReadonlySet<Notice['kind']> = new Set(['scene_look', 'suspension']);
const LOST = ['stalled', 'refused', 'covered', 'frozen'] as const;

interface Interruptions {
  readonly rate: Rate;
  readonly sound: boolean;
  readonly turnSound: () => void;
}

/** `announced`: the alert that has come last. */
export function useInterruptions(announced: Alert | null): Interruptions {
  const api = useApi();
  const texts = useTexts();
  const [rate, setRate] = useState(QUIET);
  const latest = useRef(rate);
  const [context, setContext] = useState<AudioContext | null>(null);
  const notices = useLoaded(() => api.tickets.notices(), ['ticket'], 'breaches').value;
  const gone = useLoaded(() => api.field.camerasIn(LOST), ['camera', 'agent'], 'lost', MANY_APART_MS).value;

  const interrupt = useCallback(
    (kind: Interruption): void => {
      const next = interrupted(latest.current, api.now());
      latest.current = next.rate;
      setRate(next.rate);
      if (context === null || !next.sounds) return;
      play(context, kind);
      if (document.hidden && 'Notification' in window && Notification.permission === 'granted')
        new Notification(texts.product, { body: texts.interruption[kind], tag: kind });
    },
    [api, context, texts],
  );
  useEffect(() => {
    if (announced?.risk === 'high') interrupt('high_risk');
  }, [announced]);
  const breached = useNews(notices?.filter(isBreach).map(({ id }) => id) ?? null);
  useEffect(() => {
    if (breached > 0) interrupt('breach');
  }, [breached]);
  const lost = useNews(gone?.map(nameOf) ?? null);
  useEffect(() => {
    if (lost > 0) interrupt('camera_lost');
  }, [lost]);
  useEffect(() => () => void context?.close(), [context]);

  const turnSound = useCallback((): void => {
    if (context !== null) {
      setContext(null);
      return;
    }
    if ('Notification' in window && Notification.permission === 'default')
      void Notification.requestPermission();
    void audio().then((ready) => {
      play(ready, 'high_risk');
      setContext(ready);
    });
  }, [context]);
  return { rate, sound: context !== null, turnSound };
}

/** How often something has come into the list since it was first known. */
function useNews(ids: readonly string[] | null): number {
  const known = useRef<ReadonlySet<string> | null>(null);
  const [count, setCount] = useState(0);
  const all = ids?.join(' ') ?? null;
  useEffect(() => {
    if (ids === null) return;
    const before = known.current;
    known.current = new Set(ids);
    if (before !== null && ids.some((id) => !before.has(id))) setCount((times) => times + 1);
  }, [all]);
  return count;
}

function isBreach({ kind, percent }: Notice): boolean {
  return percent >= 100 && !REMINDERS.has(kind);
}

function nameOf({ site, agent, camera }: Camera): string {
  return `${site}/${agent}/${camera}`;
}

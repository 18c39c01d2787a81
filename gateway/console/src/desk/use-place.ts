/** What is known about the place of the alert at hand: what may be one with it, and what was seen there before. */
import type { Alert } from '@roadwatch/contract/api';
import { useEffect, useMemo } from 'preact/hooks';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import type { DeskEvent } from './desk-events.ts';
import type { Neighbour } from './desk-state.ts';
import { earlierAt } from './facts/earlier.ts';
import { MERGE_CHOICES } from './menus.ts';

const NONE: readonly never[] = [];
const NO_KINDS: readonly never[] = [];
/** As many as a list beside the picture shows. */
const EARLIER = 6;

export function usePlace(current: Alert | null, dispatch: (event: DeskEvent) => void): void {
  const api = useApi();
  const id = current?.id ?? '';
  const camera = current === null ? '' : `${current.site}/${current.agent}/${current.camera}`;
  const near = useLoaded(
    async () => (id === '' ? NONE : await api.alerts.mergeCandidates(id)),
    ['alert'],
    id,
  ).value;
  // The past of a place does not change while it is looked at: it is loaded once, however much is seen elsewhere meanwhile.
  const seen = useLoaded(
    async () => (current === null || current.report !== null ? NONE : await api.alerts.ofCamera(current)),
    NO_KINDS,
    `${camera} ${id}`,
  ).value;

  const neighbours = useMemo<readonly Neighbour[]>(() => {
    const parts = (current?.parts ?? []).map((alert) => ({
      alert,
      apart: true,
      hasTicket: false,
      metres: null,
      position: null,
    }));
    const others = (near ?? NONE).map((alert) => ({
      alert,
      apart: false,
      hasTicket: alert.state === 'confirmed',
      metres: alert.metres,
      position: alert.position,
    }));
    // Parts first: there are few, and they are what a slip has to be mended by.
    return [...parts, ...others].slice(0, MERGE_CHOICES);
  }, [near, current?.parts]);
  const earlier = useMemo(
    () => (current === null ? NONE : earlierAt(current, seen ?? NONE).slice(0, EARLIER)),
    [current, seen],
  );
  useEffect(() => {
    if (id !== '') dispatch({ kind: 'place_known', id, neighbours, earlier });
  }, [id, neighbours, earlier, dispatch]);
}

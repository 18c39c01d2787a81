/** The sheet that an area is drawn on, taken where nothing else is and pushed to another part of the city. */
import { useRef } from 'preact/hooks';
import { type Plane, pointOf } from './plane.ts';

/** Of the plane: a hand that sets a corner is not quite still. */
const LEAST_PUSH = 4;

interface Held {
  readonly drawn: Element;
  readonly from: readonly [x: number, y: number];
  readonly plane: Plane;
  /** As it has been pushed; null while the hand is still. */
  pushed: Plane | null;
}

export interface Sheet {
  readonly take: (drawn: Element | null, event: PointerEvent) => void;
  readonly push: (event: PointerEvent) => void;
  readonly letGo: () => void;
  /** Whether the click that comes now ended a push, and sets no corner. */
  readonly wasPushed: () => boolean;
}

export function usePush(plane: Plane, onPush: (plane: Plane) => void, onLook: (plane: Plane) => void): Sheet {
  const held = useRef<Held | null>(null);
  const pushed = useRef(false);
  return {
    take: (drawn, event) => {
      pushed.current = false;
      if (drawn === null || !event.isPrimary || event.button !== 0) return;
      drawn.setPointerCapture(event.pointerId);
      held.current = { drawn, from: pointOf(drawn, event), plane, pushed: null };
    },
    push: (event) => {
      const at = held.current;
      if (at === null) return;
      const [x, y] = pointOf(at.drawn, event);
      const by = [x - at.from[0], y - at.from[1]] as const;
      if (at.pushed === null && Math.hypot(...by) < LEAST_PUSH) return;
      at.pushed = at.plane.pushed(...by);
      onPush(at.pushed);
    },
    letGo: () => {
      pushed.current = held.current?.pushed != null;
      if (held.current?.pushed != null) onLook(held.current.pushed);
      held.current = null;
    },
    wasPushed: () => pushed.current,
  };
}

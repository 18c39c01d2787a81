/** The queue as it stands on the screen: loaded, kept up by events, arranged so that nothing moves under the hand. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useApi, useLoaded } from '../shared/hooks.ts';
import type { Alert } from '../shared/types.ts';
import { type Arranged, arrange } from './queue.ts';

export interface Queue extends Arranged {
  /** Null while nothing has been loaded. */
  readonly loaded: boolean;
  readonly failed: boolean;
  /** Whether the gateway has more than one page of them. */
  readonly more: boolean;
  /** Ids that came while the desk was open and have not been looked at. */
  readonly fresh: ReadonlySet<string>;
  /** Holds new alerts back, as while the pointer is on the list. */
  readonly hold: (held: boolean) => void;
  readonly letIn: () => void;
  readonly reload: () => void;
}

/** `judged`: decided here, whether or not the gateway's list has heard of it. */
export function useQueue(
  selected: string | null,
  judged: ReadonlySet<string>,
  onArrived: (arrived: readonly Alert[]) => void,
): Queue {
  const api = useApi();
  const { value, problem, reload } = useLoaded(() => api.alerts(), ['alert'], 'queue');
  const [held, setHeld] = useState(false);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const order = useRef<readonly string[]>([]);
  const seen = useRef<Set<string> | null>(null);

  const alerts = (value?.items ?? []).filter((alert) => !judged.has(alert.id));
  const arranged = arrange(order.current, alerts, selected, held);
  order.current = arranged.queue.map((alert) => alert.id);

  useEffect(() => {
    if (value === null) return;
    const before = seen.current;
    const ids = new Set(value.items.map((alert) => alert.id));
    const arrived = before === null ? [] : value.items.filter((alert) => !before.has(alert.id));
    seen.current = ids;
    setFresh((known) => new Set([...known, ...arrived.map(({ id }) => id)].filter((id) => ids.has(id))));
    if (arrived.length > 0) onArrived(arrived);
  }, [value]);
  useEffect(() => {
    if (selected === null) return;
    setFresh((known) => (known.has(selected) ? new Set([...known].filter((id) => id !== selected)) : known));
  }, [selected, fresh]);
  // What is left of a long queue is fetched before the operator reaches its end.
  const more = value?.next != null;
  useEffect(() => {
    if (more && alerts.length < 50) reload();
  }, [more, alerts.length]);

  const letIn = useCallback(() => setHeld(false), []);
  return {
    ...arranged,
    loaded: value !== null,
    failed: problem !== null,
    more,
    fresh,
    hold: setHeld,
    letIn,
    reload,
  };
}

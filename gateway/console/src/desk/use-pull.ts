/**
 * What this desk is given to judge: asked for when there is nothing ready behind the alert at hand, kept from other desks while it is
 * on the screen, given back when the desk is left.
 */
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { v7 as newId } from 'uuid';
import { alertsOf, type Decision, isWaiting } from '../outbox/entry.ts';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { useApi } from '../shared/api/use-api.ts';
import { ChangesContext } from '../shared/changes/changes.ts';
import { mayJudge } from '../shared/person.ts';
import type { DeskEvent } from './desk-events.ts';
import type { DeskState } from './desk-state.ts';
import { holdingOf } from './hand.ts';

/** What happens at once is one question. */
const TOGETHER_MS = 120;
const RETRY_MS = 3_000;
/** The gateway leases for minutes: renewed so often, one that is late does no harm. */
const RENEWALS_A_LEASE = 3;
/** More the gateway keeps for no desk. */
const MOST_HELD = 20;
/** After these the alert no longer waits, so that the next one can be asked for while they are on their way. */
const ENDS_IT: ReadonlySet<Decision['kind']> = new Set(['confirm', 'reject', 'reject_many', 'shelve']);

/** Returns why the gateway could not be asked. */
export function usePull(
  state: DeskState,
  latest: { readonly current: DeskState },
  dispatch: (event: DeskEvent) => void,
): Problem | null {
  const api = useApi();
  const listen = useContext(ChangesContext);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ask = useRef(() => {});
  /** What the gateway has last said that this desk has. */
  const leased = useRef<ReadonlySet<string>>(new Set());
  const judges = mayJudge(state.user);
  const unsent = state.verdicts.filter(isWaiting).length;
  const { current, ahead, filter } = state;

  useEffect(() => {
    if (!judges) return undefined;
    const desk = newId();
    let over = false;
    let asking = false;
    let again = false;
    let soon: ReturnType<typeof setTimeout> | undefined;
    let renewal: ReturnType<typeof setTimeout> | undefined;

    /** One that this desk holds, as it has become: judged by somebody else, or with somebody else. */
    const look = (id: string): void => {
      api.alerts.one(id).then(
        (alert) => {
          if (!over && !latest.current.judged.has(id)) dispatch({ kind: 'renewed', alert });
        },
        () => {},
      );
    };
    const lookAtLost = (held: readonly string[], kept: ReadonlySet<string>): void => {
      const hand = latest.current.current?.id;
      for (const id of held) if (!kept.has(id) && id === hand) look(id);
    };
    const renewIn = (until: string): void => {
      clearTimeout(renewal);
      const left = Math.max(1_000, Date.parse(until) - api.now());
      renewal = setTimeout(renew, left / RENEWALS_A_LEASE);
    };
    const renew = (): void => {
      if (over) return;
      // Also what is judged and has not been sent: another desk would judge it once more.
      const unsent = latest.current.verdicts.filter(isWaiting).flatMap(alertsOf);
      const holding = [...new Set([...holdingOf(latest.current), ...unsent])].slice(0, MOST_HELD);
      api.desk.renew({ desk, holding }).then(
        ({ holding: kept, leaseUntil }) => {
          if (over) return;
          leased.current = new Set(kept);
          lookAtLost(holding, leased.current);
          renewIn(leaseUntil);
        },
        () => {
          if (over) return;
          clearTimeout(renewal);
          renewal = setTimeout(renew, RETRY_MS);
        },
      );
    };
    /** Of a desk that looks at what is over: nothing is given to it. */
    const keepOnly = (holding: readonly string[]): void => {
      clearTimeout(renewal);
      if (holding.length > 0) renew();
      else {
        leased.current = new Set();
        api.desk.leave(desk);
      }
    };
    const pull = async (): Promise<void> => {
      const { filter, verdicts } = latest.current;
      const unsent = verdicts.filter(isWaiting);
      // What is being taken back is not waiting again yet, as far as the gateway knows.
      const judged = unsent.flatMap(alertsOf);
      if (judged.length > MOST_HELD || unsent.some(({ decision }) => !ENDS_IT.has(decision.kind))) return;
      if (asking) {
        again = true;
        return;
      }
      asking = true;
      again = false;
      const holding = holdingOf(latest.current).slice(0, MOST_HELD);
      try {
        if (filter.looks) {
          keepOnly(holding);
          setProblem(null);
          return;
        }
        const { items, waiting, leaseUntil } = await api.desk.next({
          desk,
          holding: [...holding],
          judged: [...new Set(judged)],
          ...(filter.search === '' ? {} : { filter: filter.asked }),
        });
        if (over) return;
        if (latest.current.filter !== filter) {
          again = true;
          return;
        }
        leased.current = new Set(items.map(({ id }) => id));
        dispatch({ kind: 'handed', items, waiting });
        setProblem(null);
        lookAtLost(holding, leased.current);
        renewIn(leaseUntil);
      } catch (error) {
        if (over) return;
        setProblem(problemOf(error));
        later(RETRY_MS);
      } finally {
        asking = false;
        if (again && !over) void pull();
      }
    };
    const later = (ms: number): void => {
      clearTimeout(soon);
      soon = setTimeout(() => void pull(), ms);
    };
    ask.current = () => void pull();
    void pull();

    const stop = listen((kind, id, { state: becomes, seen, claimedBy }) => {
      const { current, ahead } = latest.current;
      const held = [current, ...ahead].find((each) => each?.id === id) ?? null;
      if (kind === 'alert' && held !== null && claimedBy === undefined) {
        if (seen === undefined || held.parts.length > 0) look(held.id);
        else dispatch({ kind: 'renewed', alert: { ...held, ...seen } });
      }
      if (seen !== undefined) return;
      if (latest.current.filter.looks) return;
      const mayBeNext = kind === 'all' || (kind === 'alert' && becomes === 'new');
      if (mayBeNext && held === null && (current === null || ahead.length === 0)) later(TOGETHER_MS);
    });
    const leave = (): void => api.desk.leave(desk);
    // A page that the browser keeps for its back button asks anew.
    const comeBack = ({ persisted }: PageTransitionEvent): void => {
      if (persisted) void pull();
    };
    window.addEventListener('pagehide', leave);
    window.addEventListener('pageshow', comeBack);
    return () => {
      over = true;
      stop();
      clearTimeout(soon);
      clearTimeout(renewal);
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('pageshow', comeBack);
      leave();
    };
  }, [api, listen, judges, latest, dispatch]);

  const id = current?.id;
  useEffect(() => {
    if (id === undefined || ahead.length === 0 || !leased.current.has(id)) ask.current();
  }, [id, ahead.length, unsent, filter]);
  return problem;
}

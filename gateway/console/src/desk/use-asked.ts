/** Takes the alert that the address names: from the map, or from whoever has sent a link to it. */
import type { Alert } from '@roadwatch/contract/api';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { useApi } from '../shared/api/use-api.ts';
import { at } from '../shared/route/base.ts';
import { replacePath } from '../shared/route/route.ts';
import type { DeskEvent } from './desk-events.ts';

interface Asked {
  /** Why it could not be taken. */
  readonly problem: Problem | null;
  /** That has been read. */
  readonly onRead: () => void;
}

export function useAsked(asked: string | null, dispatch: (event: DeskEvent) => void): Asked {
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    if (asked === null) return undefined;
    let over = false;
    const take = (alert: Alert): void => {
      if (over) return;
      // What has been sent out is looked after where its ticket is. The way back does not lead here, and so there, again.
      if (alert.ticketId !== null) {
        replacePath(at(`/tickets/${alert.ticketId}`));
        return;
      }
      dispatch({ kind: 'took', alert });
      // The address is where the desk begins; where it goes on to is not in it.
      replacePath(at('/'));
    };
    setProblem(null);
    api.alerts.one(asked).then(take, (error: unknown) => {
      if (over) return;
      setProblem(problemOf(error));
      replacePath(at('/'));
    });
    return () => {
      over = true;
    };
  }, [asked, api, dispatch]);
  return { problem, onRead: useCallback(() => setProblem(null), []) };
}

/** Takes the alert that the address names: from the map, or from whoever has sent a link to it. */
import type { Alert } from '@roadwatch/contract/api';
import { useEffect } from 'preact/hooks';
import { useApi } from '../shared/api/use-api.ts';
import { at } from '../shared/route/base.ts';
import { navigate, replacePath } from '../shared/route/route.ts';
import type { DeskEvent } from './desk-events.ts';

export function useAsked(asked: string | null, dispatch: (event: DeskEvent) => void): void {
  const api = useApi();
  useEffect(() => {
    if (asked === null) return undefined;
    let over = false;
    const take = (alert: Alert): void => {
      if (over) return;
      // What has been sent out is looked after where its ticket is.
      if (alert.ticketId !== null) {
        navigate(at(`/tickets/${alert.ticketId}`));
        return;
      }
      dispatch({ kind: 'took', alert });
      // The address is where the desk begins; where it goes on to is not in it.
      replacePath(at('/'));
    };
    api.alerts.one(asked).then(take, () => {
      if (!over) replacePath(at('/'));
    });
    return () => {
      over = true;
    };
  }, [asked, api, dispatch]);
}

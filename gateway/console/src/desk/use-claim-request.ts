/** Claims the current alert or releases it; the list tells how it went, also when somebody else was faster. */
import { useLayoutEffect } from 'preact/hooks';
import { useApi } from '../shared/api/use-api.ts';
import type { DeskEvent } from './desk-events.ts';
import type { DeskState } from './desk-state.ts';

export function useClaimRequest(
  claim: DeskState['claim'],
  dispatch: (event: DeskEvent) => void,
  reload: () => void,
): void {
  const api = useApi();
  useLayoutEffect(() => {
    if (claim === null) return;
    const answered = (): void => {
      dispatch({ kind: 'claim_answered' });
      reload();
    };
    api.alerts[claim.wanted](claim.alertId).then(answered, answered);
  }, [claim, api, dispatch, reload]);
}

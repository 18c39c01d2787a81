/** Up and down, or J and K, go through a list of tickets; Enter opens the chosen one. */
import { useEffect, useRef } from 'preact/hooks';
import { isForPage } from '../../shared/keys.ts';
import type { TicketRow } from './window.ts';

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, KeyJ: 1, ArrowUp: -1, KeyK: -1 };

export function useRowKeys(
  rows: readonly TicketRow[],
  chosen: string | null,
  onChoose: (id: string) => void,
  onOpen: (id: string) => void,
): void {
  const latest = useRef({ rows, chosen, onChoose, onOpen });
  latest.current = { rows, chosen, onChoose, onOpen };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isForPage(event)) return;
      const now = latest.current;
      const isOnControl = event.target instanceof HTMLElement && event.target.closest('a, button') !== null;
      if (event.code === 'Enter' && now.chosen !== null && !isOnControl) {
        now.onOpen(now.chosen);
        return;
      }
      const step = STEPS[event.code];
      if (step === undefined) return;
      const index = now.rows.findIndex(({ ticket }) => ticket.id === now.chosen);
      const next = now.rows[Math.max(0, index + step)];
      if (next === undefined) return;
      event.preventDefault();
      now.onChoose(next.ticket.id);
      document.querySelector(`[data-ticket="${next.ticket.id}"]`)?.scrollIntoView({ block: 'nearest' });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

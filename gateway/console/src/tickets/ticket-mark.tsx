/** A ticket's state as a word and a sign. */

import type { TicketState } from '@roadwatch/contract/api';
import { useTexts } from '../shared/texts/language.ts';

const TONE: Readonly<Partial<Record<TicketState, 'good' | 'warn' | 'bad'>>> = {
  accepted: 'good',
  on_site: 'good',
  made_safe: 'good',
  repaired: 'good',
  inspecting: 'good',
  filed: 'warn',
  dispatched: 'warn',
  suspended: 'warn',
  returned: 'bad',
  rework: 'bad',
};

export function TicketMark({ state }: { readonly state: TicketState }) {
  const texts = useTexts();
  return <span class={`mark ${TONE[state] ?? 'over'}`}>{texts.ticketState[state]}</span>;
}

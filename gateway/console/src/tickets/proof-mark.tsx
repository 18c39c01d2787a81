/** What the camera said of the repair, for as long as a person has not decided on it. */

import type { Ticket } from '@roadwatch/contract/api';
import { useTexts } from '../shared/language.ts';
import { proofOf } from './clock-view.ts';
import { LOOK } from './inspection-list.tsx';

export function ProofMark({ ticket }: { readonly ticket: Pick<Ticket, 'state' | 'inspections'> }) {
  const { inspection: texts } = useTexts();
  const proof = proofOf(ticket);
  if (proof?.result == null) return null;
  return <span class={`mark ${LOOK[proof.result]}`}>{texts.result[proof.result]}</span>;
}

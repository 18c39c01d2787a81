/** What the camera said of the repair, for as long as a person has not decided on it. */

import type { Ticket } from '@roadwatch/contract/api';
import { useTexts } from '../shared/texts/language.ts';
import { resultToDecide } from './clock-view.ts';
import { TONE } from './inspection-list.tsx';

export function InspectionMark({ ticket }: { readonly ticket: Pick<Ticket, 'state' | 'inspections'> }) {
  const { inspection: texts } = useTexts();
  const inspection = resultToDecide(ticket);
  if (inspection?.result == null) return null;
  return <span class={`mark ${TONE[inspection.result]}`}>{texts.result[inspection.result]}</span>;
}

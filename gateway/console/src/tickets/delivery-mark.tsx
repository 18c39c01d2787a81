/** Says when a ticket has not reached its unit's own system. */

import type { Ticket } from '@roadwatch/contract/api';
import { useTexts } from '../shared/texts/language.ts';

export function DeliveryMark({ delivery }: Pick<Ticket, 'delivery'>) {
  const texts = useTexts();
  if (delivery?.state === 'pending' && delivery.overdueAt !== null)
    return <span class="mark bad">{texts.delivery.overdue(delivery.attempts)}</span>;
  if (delivery?.state === 'dead') return <span class="mark bad">{texts.delivery.dead}</span>;
  // The first attempt may be under way.
  if (delivery?.state !== 'pending' || delivery.attempts === 0 || delivery.error === null) return null;
  return <span class="mark warn">{texts.delivery.retrying(delivery.attempts)}</span>;
}

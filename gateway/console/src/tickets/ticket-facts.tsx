/** What is known about a ticket. */

import type { TicketDetail } from '@roadwatch/contract/api';
import { personOf } from '../shared/person.ts';
import { Place } from '../shared/position.tsx';
import { damageName } from '../shared/texts/damage.ts';
import { named } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';

export function TicketFacts({ ticket }: { readonly ticket: TicketDetail }) {
  const { tickets: texts, outcome } = useTexts();
  const language = useLanguage();
  const { clockTime } = useWallClock();
  return (
    <>
      <h2>{texts.what}</h2>
      <dl>
        <dt>{texts.damage}</dt>
        <dd>
          <span class={`tag ${ticket.damageClass}`}>{damageName(ticket.damageClass, language)}</span>
        </dd>
        <dt>{texts.unit}</dt>
        <dd>{ticket.unit.name[language]}</dd>
        {ticket.remote === null ? null : (
          <>
            <dt>{texts.remote}</dt>
            <dd class="figures">{ticket.remote.number}</dd>
          </>
        )}
        <dt>{texts.camera}</dt>
        <dd>{ticket.cameraName[language]}</dd>
        {ticket.position === null ? null : (
          <>
            <dt>{texts.place}</dt>
            <dd class="figures">
              <Place position={ticket.position} />
            </dd>
          </>
        )}
        {ticket.note === null ? null : (
          <>
            <dt>{texts.note}</dt>
            <dd class="words">{ticket.note}</dd>
          </>
        )}
        <dt>{texts.opened}</dt>
        <dd class="figures">{clockTime(ticket.createdAt)}</dd>
        <dt>{texts.openedBy}</dt>
        <dd>{personOf(ticket.createdBy)}</dd>
        {ticket.outcome === null ? null : (
          <>
            <dt>{texts.outcome}</dt>
            <dd>{named(outcome, ticket.outcome)}</dd>
          </>
        )}
      </dl>
    </>
  );
}

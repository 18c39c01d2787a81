/** All tickets, the next to break on top. */

import type { Clock, Ticket } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { LoadedPage } from '../shared/api/loaded-page.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { at } from '../shared/route/base.ts';
import { follow } from '../shared/route/route.ts';
import { damageName } from '../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { age } from '../shared/time/time.ts';
import { useNow } from '../shared/time/use-now.ts';
import { byUrgency, isOverdue, repairClock, responseClock, sceneLookDue } from './clock-view.ts';
import { DeliveryMark } from './delivery-mark.tsx';
import { InspectionMark } from './inspection-mark.tsx';
import { Notices } from './notices.tsx';
import { TicketClock } from './ticket-clock.tsx';
import { TicketMark } from './ticket-mark.tsx';

export function Tickets() {
  const { tickets: texts, pages } = useTexts();
  const api = useApi();
  const now = useNow();
  const [openOnly, setOpenOnly] = useState(true);
  const loaded = useLoaded(() => api.tickets.list(openOnly ? 'open' : null), ['ticket'], String(openOnly));
  const tickets = byUrgency(loaded.value?.items ?? [], now);
  const overdue = tickets.filter((ticket) => isOverdue(ticket, now)).length;
  const filter = (open: boolean, label: string) => (
    <button type="button" aria-pressed={openOnly === open} onClick={() => setOpenOnly(open)}>
      {label}
    </button>
  );
  return (
    <section class="page">
      <header class="bar">
        <h1>{pages.tickets}</h1>
        <span class="group">
          {filter(true, texts.open)}
          {filter(false, texts.all)}
        </span>
        {loaded.value === null ? null : (
          <span class="hint figures">
            {texts.count(tickets.length, loaded.value.next !== null)}
            {overdue === 0 ? null : <b class="late"> · {texts.overdueCount(overdue)}</b>}
          </span>
        )}
      </header>
      <Notices />
      <LoadedPage loaded={loaded} empty={tickets.length === 0} none={texts.none} noneHint={texts.noneHint}>
        <div class="scroll">
          <table class="tickets">
            <thead>
              <tr>
                <th>{texts.number}</th>
                <th>{texts.state}</th>
                <th>{texts.response}</th>
                <th>{texts.repair}</th>
                <th>{texts.damage}</th>
                <th>{texts.camera}</th>
                <th>{texts.unit}</th>
                <th>{texts.opened}</th>
              </tr>
            </thead>
            <tbody>
              {tickets.map((ticket) => (
                <Row key={ticket.id} ticket={ticket} now={now} />
              ))}
            </tbody>
          </table>
        </div>
      </LoadedPage>
    </section>
  );
}

function Row({ ticket, now }: { readonly ticket: Ticket; readonly now: number }) {
  const texts = useTexts();
  const language = useLanguage();
  const clock = (found: Clock | null) =>
    found === null ? <span class="hint">–</span> : <TicketClock clock={found} now={now} />;
  return (
    <tr class={isOverdue(ticket, now) ? 'overdue' : ''}>
      <td class="figures">
        <a href={at(`/tickets/${ticket.id}`)} onClick={follow}>
          {ticket.number}
        </a>
      </td>
      <td>
        <TicketMark state={ticket.state} />
        <InspectionMark ticket={ticket} />
        <DeliveryMark delivery={ticket.delivery} />
      </td>
      <td>
        <div class="response">
          {clock(responseClock(ticket))}
          {sceneLookDue(ticket, now) ? (
            <a class="button look" href={at(`/tickets/${ticket.id}/scene`)} onClick={follow}>
              {texts.tickets.lookAtScene}
            </a>
          ) : null}
        </div>
      </td>
      <td>{clock(repairClock(ticket))}</td>
      <td>
        <span class={`tag ${ticket.damageClass}`}>{damageName(ticket.damageClass, language)}</span>
      </td>
      <td>{ticket.cameraName[language]}</td>
      <td>{ticket.unit.name[language]}</td>
      <td class="figures">{texts.ago(age(ticket.createdAt, now, language))}</td>
    </tr>
  );
}

/** Requests about tickets: moving them on, their notices, their crews, and orders to a unit's own system. */
import type { CrewLink, Notice, Ticket, TicketDetail, TicketPage } from '@roadwatch/contract/api';
import type { Items, Send } from './connection.ts';

/** What a command needs besides itself. */
export interface CommandFields {
  readonly reason?: string;
  readonly outcome?: string;
  readonly unitId?: string;
}

export function ticketRequests(send: Send) {
  return {
    list: (state: 'open' | null): Promise<TicketPage> =>
      send('GET', `/api/tickets?limit=200${state === null ? '' : `&state=${state}`}`),
    one: (id: string): Promise<TicketDetail> => send('GET', `/api/tickets/${id}`),
    command: ({ id, version }: Ticket, command: string, fields: CommandFields): Promise<Ticket> =>
      send('POST', `/api/tickets/${id}/transitions`, { command, version, ...fields }),
    async notices(): Promise<readonly Notice[]> {
      return (await send<Items<Notice>>('GET', '/api/notices')).items;
    },
    noticeSeen: (id: string): Promise<void> => send('POST', `/api/notices/${id}/seen`),
    makeCrewLink: (id: string): Promise<CrewLink> => send('POST', `/api/tickets/${id}/crew-link`),
    endCrewLinks: (id: string): Promise<void> => send('DELETE', `/api/tickets/${id}/crew-link`),
    /** An order to a unit's own system that was given up. */
    sendAgain: (order: string): Promise<void> => send('POST', `/api/dispatches/${order}/retry`),
  };
}

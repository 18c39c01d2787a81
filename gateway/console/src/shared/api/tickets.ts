/** Requests about tickets: moving them on, their notices, their crews, and orders to a unit's own system. */
import type {
  CrewLink,
  LaneTotal,
  Notice,
  SceneAnswer,
  Ticket,
  TicketDetail,
  TicketFigures,
  TicketPage,
  WorkingLinks,
} from '@roadwatch/contract/api';
import type { Items, Send } from './connection.ts';

/** What a command needs besides itself. */
export interface CommandFields {
  readonly reason?: string;
  readonly outcome?: string;
  readonly unitId?: string;
  /** RFC 3339. */
  readonly reviewAt?: string;
  /** RFC 3339. */
  readonly until?: string;
}

/** Names and values as the gateway's list takes them. */
export type TicketFilter = Readonly<Record<string, string>>;

export function ticketRequests(send: Send) {
  const query = (fields: TicketFilter): string => new URLSearchParams(fields).toString();
  return {
    page: (fields: TicketFilter): Promise<TicketPage> => send('GET', `/api/tickets?${query(fields)}`),
    async lanes(fields: TicketFilter): Promise<readonly LaneTotal[]> {
      return (await send<Items<LaneTotal>>('GET', `/api/tickets/lanes?${query(fields)}`)).items;
    },
    figures: (): Promise<TicketFigures> => send('GET', '/api/tickets/figures'),
    one: (id: string): Promise<TicketDetail> => send('GET', `/api/tickets/${id}`),
    command: (
      { id, version }: Pick<Ticket, 'id' | 'version'>,
      command: string,
      fields: CommandFields,
    ): Promise<Ticket> => send('POST', `/api/tickets/${id}/transitions`, { command, version, ...fields }),
    sceneLook: (id: string, answer: SceneAnswer): Promise<Ticket> =>
      send('POST', `/api/tickets/${id}/scene-looks`, { answer }),
    async notices(): Promise<readonly Notice[]> {
      return (await send<Items<Notice>>('GET', '/api/notices')).items;
    },
    noticeSeen: (id: string): Promise<void> => send('POST', `/api/notices/${id}/seen`),
    async crewLinks(id: string): Promise<WorkingLinks['items']> {
      return (await send<WorkingLinks>('GET', `/api/tickets/${id}/crew-link`)).items;
    },
    /** `crew`: what they are called; empty, nothing. */
    makeCrewLink: (id: string, crew: string): Promise<CrewLink> =>
      send('POST', `/api/tickets/${id}/crew-link`, crew === '' ? {} : { crew }),
    /** Of one crew; null: of those without a name. */
    endCrewLinks: (id: string, crew: string | null): Promise<void> =>
      send('DELETE', `/api/tickets/${id}/crew-link?${query({ crew: crew ?? '' })}`),
    /** An order to a unit's own system that was given up. */
    sendAgain: (order: string): Promise<void> => send('POST', `/api/dispatches/${order}/retry`),
  };
}

/** The states of a ticket, one word for each, wherever people read it: console, crew's page, mails and Open311. */
import type { TicketState } from '../api/vocabulary.ts';
import type { BilingualText } from '../damage-class.ts';

export const TICKET_STATE_TEXTS = {
  filed: { en: 'About to go out', zh: '即将派遣' },
  dispatched: { en: 'Dispatched', zh: '已派遣' },
  returned: { en: 'Returned', zh: '已回退' },
  accepted: { en: 'Accepted', zh: '已接单' },
  on_site: { en: 'Crew on site', zh: '已到场' },
  made_safe: { en: 'Made safe', zh: '已围护' },
  repaired: { en: 'Repaired', zh: '已修复' },
  inspecting: { en: 'Inspecting', zh: '核查中' },
  rework: { en: 'Rework', zh: '返工' },
  suspended: { en: 'Suspended', zh: '挂账' },
  cancelled: { en: 'Cancelled', zh: '已作废' },
  closed: { en: 'Closed', zh: '已结案' },
} as const satisfies Record<TicketState, BilingualText>;

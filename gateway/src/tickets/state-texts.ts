/** The states of a ticket in the words that crews and people who report read. */
import type { TicketState } from '@roadwatch/contract/api';
import type { Language } from '../language.ts';

export const TICKET_STATE_TEXTS: Readonly<Record<Language, Readonly<Record<TicketState, string>>>> = {
  en: {
    filed: 'Being sent',
    dispatched: 'Sent to you',
    returned: 'Returned',
    accepted: 'Accepted',
    on_site: 'On site',
    made_safe: 'Made safe',
    repaired: 'Repair reported',
    inspecting: 'Being checked',
    rework: 'To be done again',
    suspended: 'Suspended',
    cancelled: 'Cancelled',
    closed: 'Closed',
  },
  zh: {
    filed: '派遣中',
    dispatched: '已派遣',
    returned: '已回退',
    accepted: '已受理',
    on_site: '已到场',
    made_safe: '已围护',
    repaired: '已反馈',
    inspecting: '核查中',
    rework: '返工',
    suspended: '挂账',
    cancelled: '已取消',
    closed: '已结案',
  },
};

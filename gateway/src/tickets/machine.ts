/**
 * The state machine of a ticket: which command leads from which state to which, and who may give it. Everything else about a ticket
 * follows from its state; the states and the returns are those of Chinese urban management (GB/T 30428) in short form.
 */

import {
  type Role,
  TICKET_COMMANDS,
  TICKET_STATES,
  type TicketCommand,
  type TicketState,
} from '@roadwatch/contract/api';
import { hasCamera } from '../cameras/source.ts';
import type { TicketRow } from '../store/tables/tickets.ts';

export interface Transition {
  readonly from: readonly TicketState[];
  readonly to: TicketState;
  readonly roles: readonly Role[];
  /** A sentence why is required. */
  readonly reason?: true;
}

const DESK: readonly Role[] = ['operator', 'shift_lead', 'admin'];
const UNIT: readonly Role[] = ['unit', ...DESK];
const JUDGE: readonly Role[] = ['inspector', ...DESK];

/** Whom the ticket may be taken from: a unit that has not begun, or that has given it back. */
const SENT_ON_FROM: readonly TicketState[] = ['returned', 'dispatched', 'accepted'];
/** While its repair is awaited. */
const IN_REPAIR: readonly TicketState[] = ['dispatched', 'accepted', 'on_site', 'made_safe', 'rework'];
const LEAD: readonly Role[] = ['shift_lead', 'admin'];

/** Those that leave the state as it is, or lead to where the ticket was, or to another unit. */
const OTHERS = {
  resume: { from: ['suspended'], roles: LEAD },
  reassign: { from: SENT_ON_FROM, roles: DESK },
  ask_extension: { from: IN_REPAIR, roles: ['unit', 'operator'] },
  extend: { from: IN_REPAIR, roles: LEAD },
  refuse_extension: { from: IN_REPAIR, roles: LEAD },
} as const satisfies Partial<Record<TicketCommand, Pick<Transition, 'from' | 'roles'>>>;

/** Commands of people and units; that the ticket has left is what the gateway itself does. */
export const TRANSITIONS = {
  accept: { from: ['dispatched', 'rework'], to: 'accepted', roles: UNIT },
  return: { from: ['dispatched', 'accepted'], to: 'returned', roles: UNIT, reason: true },
  arrive: { from: ['accepted', 'dispatched', 'rework'], to: 'on_site', roles: UNIT },
  make_safe: { from: ['on_site'], to: 'made_safe', roles: UNIT },
  repair: { from: ['on_site', 'made_safe'], to: 'repaired', roles: UNIT },
  inspect: { from: ['repaired', 'inspecting'], to: 'inspecting', roles: JUDGE },
  rework: { from: ['repaired', 'inspecting'], to: 'rework', roles: JUDGE, reason: true },
  close: { from: ['repaired', 'inspecting'], to: 'closed', roles: JUDGE, reason: true },
  cancel: { from: TICKET_STATES.filter(isOpen), to: 'cancelled', roles: DESK, reason: true },
  suspend: {
    from: ['accepted', 'on_site', 'made_safe', 'rework'],
    to: 'suspended',
    roles: LEAD,
    reason: true,
  },
} as const satisfies Record<Exclude<TicketCommand, keyof typeof OTHERS>, Transition>;

/** The commands that somebody in this role can give now. What a person reported has no camera that could look again. */
export function commandsFor(ticket: Pick<TicketRow, 'state' | 'camera'>, role: Role): TicketCommand[] {
  const { state } = ticket;
  return TICKET_COMMANDS.filter((command) => {
    if (command === 'inspect' && !hasCamera(ticket)) return false;
    const transition: Pick<Transition, 'from' | 'roles'> = { ...OTHERS, ...TRANSITIONS }[command];
    return transition.from.includes(state) && transition.roles.includes(role);
  });
}

/** Whether its repair is awaited. */
export function isInRepair(state: TicketState): boolean {
  return IN_REPAIR.includes(state);
}

/** Whether a crew may be at work there, so that somebody can look whether it has come. What no camera sees nobody can look at. */
export function hasScene(ticket: Pick<TicketRow, 'state' | 'camera'>): boolean {
  return hasCamera(ticket) && isInRepair(ticket.state);
}

/** Whether anything can still happen to it. */
export function isOpen(state: TicketState): boolean {
  return state !== 'closed' && state !== 'cancelled';
}

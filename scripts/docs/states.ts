/** The states of alerts and tickets, drawn from the tables by which the gateway moves them. */
import {
  TRANSITIONS as ALERT,
  type Transition as AlertTransition,
} from '../../gateway/src/alerts/machine.ts';
import {
  TRANSITIONS as TICKET,
  type Transition as TicketTransition,
} from '../../gateway/src/tickets/machine.ts';

/** A command that leads from more states than this is told in a line: drawn, it would hide the others. */
const MOST_ARROWS = 5;

interface Arrow {
  readonly from: readonly string[];
  readonly to: string;
}

export function alertStates(): string {
  const entries = Object.entries<AlertTransition>(ALERT);
  return [
    ...diagram(entries, ['[*] --> new']),
    '',
    '| command | from | to | in the audit |',
    '|---|---|---|---|',
    ...entries.map(
      ([command, { from, to, action }]) => `| \`${command}\` | ${from.join(', ')} | ${to} | \`${action}\` |`,
    ),
  ].join('\n');
}

export function ticketStates(): string {
  const entries = Object.entries<TicketTransition>(TICKET);
  const ends = ['[*] --> filed', 'filed --> dispatched: dispatch', 'closed --> [*]', 'cancelled --> [*]'];
  return [
    ...diagram(entries, ends),
    '',
    '| command | from | to | who | a reason is given |',
    '|---|---|---|---|---|',
    ...entries.map(
      ([command, { from, to, roles, reason }]) =>
        `| \`${command}\` | ${from.join(', ')} | ${to} | ${roles.join(', ')} | ${reason === true ? 'yes' : ''} |`,
    ),
    '',
    'Not drawn: `cancel`. `dispatch` is what the gateway does itself when the order has arrived; `resume` goes back to the state before a suspension; `reassign` sends a ticket that is returned, or not begun yet, to another unit. More time (`ask_extension`, `extend`, `refuse_extension`) and a look at the scene leave the state as it is, but that a crew which is seen there has arrived.',
  ].join('\n');
}

function diagram(entries: readonly (readonly [string, Arrow])[], ends: readonly string[]): string[] {
  const arrows = entries
    .filter(([, { from }]) => from.length <= MOST_ARROWS)
    .flatMap(([command, { from, to }]) => from.map((state) => `  ${state} --> ${to}: ${command}`));
  return ['```mermaid', 'stateDiagram-v2', ...ends.map((end) => `  ${end}`), ...arrows, '```'];
}

/** What a command needs besides itself: a reason, an outcome, another unit, a day. */
import type { Ticket, TicketCommand } from '@roadwatch/contract/api';
import type { CommandFields } from '../shared/api/tickets.ts';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { named } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { ReasonField } from './reason-field.tsx';

interface Props {
  readonly ticket: Ticket;
  readonly command: TicketCommand;
  readonly onSubmit: (more: CommandFields) => void;
  readonly onCancel: () => void;
}

const NEEDS_REASON: ReadonlySet<TicketCommand> = new Set([
  'return',
  'rework',
  'close',
  'cancel',
  'suspend',
  'ask_extension',
  'extend',
  'refuse_extension',
]);
const NEEDS_UNTIL: ReadonlySet<TicketCommand> = new Set(['ask_extension', 'extend']);
/** A suspended ticket is looked at again in the morning. */
const REVIEW_TIME = 'T09:00';
const DAY_MS = 86_400_000;

/** Whether the command can be carried out as it is. */
export function needsForm({ state }: Pick<Ticket, 'state'>, command: TicketCommand): boolean {
  return needsReason({ state }, command) || command === 'reassign';
}

function needsReason({ state }: Pick<Ticket, 'state'>, command: TicketCommand): boolean {
  return NEEDS_REASON.has(command) || (command === 'reassign' && state !== 'returned');
}

export function CommandForm({ ticket, command, onSubmit, onCancel }: Props) {
  const texts = useTexts();
  const api = useApi();
  const wall = useWallClock();
  const asked = ticket.extensions.find(({ state }) => state === 'asked');
  const deadline = ticket.deadlineAt === null ? api.now() : Date.parse(ticket.deadlineAt);
  const untilFirst = asked === undefined ? deadline + DAY_MS : Date.parse(asked.until);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const given = (name: string): string => String(form.get(name) ?? '').trim();
    const kept = (name: string) => (given(name) === '' ? {} : { [name]: given(name) });
    const instant = (local: string): string => new Date(wall.instantOf(local)).toISOString();
    onSubmit({
      ...kept('reason'),
      ...kept('outcome'),
      ...kept('unitId'),
      ...(given('reviewOn') === '' ? {} : { reviewAt: instant(given('reviewOn') + REVIEW_TIME) }),
      ...(given('until') === '' ? {} : { until: instant(given('until')) }),
    });
  };
  return (
    <form class="command" onSubmit={submit}>
      {command === 'close' ? (
        <label>
          {texts.tickets.outcome}
          <select name="outcome" required>
            {Object.entries(texts.outcome).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {command === 'reassign' ? <OtherUnit ticket={ticket} /> : null}
      {command === 'suspend' ? (
        <label>
          {texts.commandForm.reviewAt}
          <input
            type="date"
            name="reviewOn"
            required
            min={wall.localOf(api.now() + DAY_MS).slice(0, 10)}
            max={wall.localOf(api.now() + 365 * DAY_MS).slice(0, 10)}
            defaultValue={wall.localOf(api.now() + 30 * DAY_MS).slice(0, 10)}
          />
        </label>
      ) : null}
      {NEEDS_UNTIL.has(command) ? (
        <label>
          {texts.commandForm.until}
          <input
            type="datetime-local"
            name="until"
            required
            min={wall.localOf(deadline)}
            defaultValue={wall.localOf(untilFirst)}
          />
        </label>
      ) : null}
      {needsReason(ticket, command) ? <ReasonField command={command} /> : null}
      <button type="submit" class="primary">
        {named(texts.command, command)}
      </button>
      <button type="button" class="quiet" onClick={onCancel}>
        {texts.cancel}
      </button>
    </form>
  );
}

function OtherUnit({ ticket }: { readonly ticket: Ticket }) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const units = useLoaded(() => api.field.units(), [], 'units').value ?? [];
  const others = units.filter(({ id }) => ticket.state === 'returned' || id !== ticket.unit.id);
  return (
    <label>
      {texts.tickets.toUnit}
      <select name="unitId" required>
        {others.map(({ id, name }) => (
          <option key={id} value={id}>
            {name[language]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What can be done with a ticket now: what needs no more than itself at once, the rest by a form. */

import type { TicketCommand, TicketDetail } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { ProblemNote } from '../shared/api/problem-note.tsx';
import type { CommandFields } from '../shared/api/tickets.ts';
import { useApi } from '../shared/api/use-api.ts';
import { named } from '../shared/texts/index.ts';
import { useTexts } from '../shared/texts/language.ts';
import { CommandForm, needsForm } from './command-form.tsx';

export function Commands({ ticket, onDone }: { readonly ticket: TicketDetail; readonly onDone: () => void }) {
  const texts = useTexts();
  const api = useApi();
  const [command, setCommand] = useState<TicketCommand | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const carryOut = (name: TicketCommand, more: CommandFields): void => {
    if (busy) return;
    setBusy(true);
    api.tickets
      .command(ticket, name, more)
      .then(
        () => {
          setCommand(null);
          setProblem(null);
        },
        (error) => setProblem(problemOf(error)),
      )
      .finally(() => {
        setBusy(false);
        onDone();
      });
  };
  return (
    <>
      <h2>{texts.tickets.do}</h2>
      {ticket.commands.length === 0 ? <p class="hint">{texts.tickets.nothingToDo}</p> : null}
      <div class="bar commands">
        {ticket.commands.map((name) => (
          <button
            key={name}
            type="button"
            disabled={busy}
            aria-pressed={needsForm(ticket, name) ? command === name : undefined}
            onClick={() => (needsForm(ticket, name) ? setCommand(name) : carryOut(name, {}))}
          >
            {named(texts.command, name)}
          </button>
        ))}
      </div>
      {command === null ? null : (
        <CommandForm
          key={command}
          ticket={ticket}
          command={command}
          onSubmit={(more) => carryOut(command, more)}
          onCancel={() => setCommand(null)}
        />
      )}
      <ProblemNote problem={problem} />
    </>
  );
}

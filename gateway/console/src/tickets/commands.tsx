/** What can be done with a ticket now. */

import type { TicketDetail } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { ProblemNote } from '../shared/api/problem-note.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { named } from '../shared/texts/index.ts';
import { useTexts } from '../shared/texts/language.ts';
import { CommandForm } from './command-form.tsx';
import { CrewLinkButton } from './crew-link.tsx';

export function Commands({ ticket, onDone }: { readonly ticket: TicketDetail; readonly onDone: () => void }) {
  const texts = useTexts();
  const api = useApi();
  const [command, setCommand] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const carryOut = (more: { reason?: string; outcome?: string; unitId?: string }): void => {
    if (command === null) return;
    api.tickets.command(ticket, command, more).then(
      () => {
        setCommand(null);
        setProblem(null);
        onDone();
      },
      (error) => {
        setProblem(problemOf(error));
        onDone();
      },
    );
  };
  return (
    <>
      <h2>{texts.tickets.do}</h2>
      {ticket.commands.length === 0 ? <p class="hint">{texts.tickets.nothingToDo}</p> : null}
      <div class="bar commands">
        {ticket.commands.map((name) => (
          <button key={name} type="button" aria-pressed={command === name} onClick={() => setCommand(name)}>
            {named(texts.command, name)}
          </button>
        ))}
        <CrewLinkButton ticket={ticket} />
      </div>
      {command === null ? null : (
        <CommandForm key={command} command={command} onSubmit={carryOut} onCancel={() => setCommand(null)} />
      )}
      <ProblemNote problem={problem} />
    </>
  );
}

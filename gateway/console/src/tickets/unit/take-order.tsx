/** Taking the order at hand or giving it back, by one key. */
import type { TicketDetail } from '@roadwatch/contract/api';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import type { CommandFields } from '../../shared/api/tickets.ts';
import { useApi } from '../../shared/api/use-api.ts';
import { digitOf, isForPage } from '../../shared/keys.ts';
import { useTexts } from '../../shared/texts/language.ts';

interface Props {
  readonly ticket: TicketDetail;
  readonly onDone: (said: string) => void;
  /** Null once it is tried again. */
  readonly onProblem: (problem: Problem | null) => void;
}

export function TakeOrder({ ticket, onDone, onProblem }: Props) {
  const texts = useTexts();
  const api = useApi();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const mayAccept = ticket.commands.includes('accept');
  const mayReturn = ticket.commands.includes('return');
  const reasons = Object.values(texts.returnReason);
  const give = (command: 'accept' | 'return', fields: CommandFields, said: string): void => {
    if (busy) return;
    setBusy(true);
    onProblem(null);
    api.tickets.command(ticket, command, fields).then(
      () => onDone(said),
      (error) => {
        setBusy(false);
        onProblem(problemOf(error));
      },
    );
  };
  const accept = (): void => give('accept', {}, texts.unitDesk.accepted(ticket.number));
  const giveBack = (reason: string): void =>
    give('return', { reason }, texts.unitDesk.returned(ticket.number));
  const onKey = (event: KeyboardEvent): void => {
    const digit = digitOf(event);
    const reason = asking && digit !== null ? reasons[digit - 1] : undefined;
    if (reason !== undefined) giveBack(reason);
    else if (!isForPage(event)) return;
    else if (event.code === 'KeyA' && mayAccept && !asking) accept();
    else if (event.code === 'KeyN' && mayReturn) setAsking(!asking);
    else if (event.code === 'Escape' && asking) setAsking(false);
    else return;
    event.preventDefault();
  };
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => latest.current(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
  return (
    <>
      {mayAccept || mayReturn ? (
        <div class="bar take">
          {mayAccept ? (
            <button type="button" class="primary" disabled={busy} onClick={accept}>
              {texts.unitDesk.accept} <kbd>A</kbd>
            </button>
          ) : null}
          {mayReturn ? (
            <button type="button" disabled={busy} aria-expanded={asking} onClick={() => setAsking(!asking)}>
              {texts.unitDesk.giveBack} <kbd>N</kbd>
            </button>
          ) : null}
        </div>
      ) : null}
      {asking ? (
        <fieldset class="bar return-reasons" aria-label={texts.unitDesk.giveBackWhy}>
          <strong>{texts.unitDesk.giveBackWhy}</strong>
          {reasons.map((reason, index) => (
            <button key={reason} type="button" disabled={busy} onClick={() => giveBack(reason)}>
              {reason} <kbd>{index + 1}</kbd>
            </button>
          ))}
        </fieldset>
      ) : null}
    </>
  );
}

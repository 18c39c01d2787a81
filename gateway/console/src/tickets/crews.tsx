/** The crews that work on a ticket: each has a link of its own, to make, to show as a code and to end. */
import type { CrewLink, Ticket, TicketState } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { ProblemNote } from '../shared/api/problem-note.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { personOf } from '../shared/person.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { CrewLinkDialog } from './crew-link.tsx';

const WITH_UNIT: ReadonlySet<TicketState> = new Set([
  'dispatched',
  'accepted',
  'on_site',
  'made_safe',
  'repaired',
  'inspecting',
  'rework',
]);

interface Props {
  readonly ticket: Ticket;
  readonly now: number;
}

export function Crews({ ticket, now }: Props) {
  return WITH_UNIT.has(ticket.state) ? <Links ticket={ticket} now={now} /> : null;
}

function Links({ ticket, now }: Props) {
  const texts = useTexts();
  const api = useApi();
  const { shortTime } = useWallClock();
  const [link, setLink] = useState<CrewLink | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const {
    value: links,
    problem: closed,
    reload,
  } = useLoaded(() => api.tickets.crewLinks(ticket.id), ['ticket'], ticket.id);
  // Whoever may not make links is not told of them.
  if (closed?.status === 403) return null;
  const settle = (done: Promise<unknown>): void => {
    done.then(
      () => {
        setProblem(null);
        reload();
      },
      (error) => setProblem(problemOf(error)),
    );
  };
  const make = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const crew = String(new FormData(form).get('crew') ?? '').trim();
    settle(api.tickets.makeCrewLink(ticket.id, crew).then(setLink));
    form.reset();
  };
  return (
    <>
      <h2>{texts.crews.title}</h2>
      {links?.length === 0 ? <p class="hint">{texts.crews.none}</p> : null}
      <ul class="crews">
        {(links ?? []).map(({ crew, madeAt, madeBy }) => (
          <li key={`${crew} ${madeAt}`}>
            <span>{crew ?? texts.crews.unnamed}</span>
            <small>
              {texts.crews.since(shortTime(madeAt, now))} ·{' '}
              {madeBy === 'system' ? texts.system : personOf(madeBy)}
            </small>
            <button
              type="button"
              class="quiet danger"
              onClick={() => settle(api.tickets.endCrewLinks(ticket.id, crew))}
            >
              {texts.crews.end}
            </button>
          </li>
        ))}
      </ul>
      <form class="bar crew-form" onSubmit={make}>
        <input name="crew" maxLength={60} placeholder={texts.crews.name} aria-label={texts.crews.name} />
        <button type="submit">{texts.crews.make}</button>
      </form>
      <ProblemNote problem={problem} />
      {link === null ? null : <CrewLinkDialog ticket={ticket} link={link} onClose={() => setLink(null)} />}
    </>
  );
}

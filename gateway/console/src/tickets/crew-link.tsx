/** The link that a crew works by, as an address and as a code to photograph; a new one ends the one before. */

import type { CrewLink, Ticket, TicketState } from '@roadwatch/contract/api';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { problemText } from '../shared/api/problem-text.ts';
import { useApi } from '../shared/api/use-api.ts';
import { useTexts } from '../shared/texts/language.ts';

const WITH_UNIT: ReadonlySet<TicketState> = new Set([
  'dispatched',
  'accepted',
  'on_site',
  'made_safe',
  'repaired',
  'inspecting',
  'rework',
]);

export function CrewLinkButton({ ticket }: { readonly ticket: Ticket }) {
  const texts = useTexts();
  const api = useApi();
  const [link, setLink] = useState<CrewLink | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  if (!WITH_UNIT.has(ticket.state)) return null;
  const make = (): void => {
    setProblem(null);
    api.tickets.makeCrewLink(ticket.id).then(setLink, (error) => setProblem(problemOf(error)));
  };
  return (
    <>
      <button type="button" onClick={make}>
        {texts.crew.link}
      </button>
      {problem === null ? null : (
        <span class="problem" role="alert">
          {problemText(problem, texts)}
        </span>
      )}
      {link === null ? null : <CrewLinkDialog ticket={ticket} link={link} onClose={() => setLink(null)} />}
    </>
  );
}

interface DialogProps {
  readonly ticket: Ticket;
  readonly link: CrewLink;
  readonly onClose: () => void;
}

function CrewLinkDialog({ ticket, link, onClose }: DialogProps) {
  const { crew, close } = useTexts();
  const api = useApi();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const end = (): void => {
    api.tickets.endCrewLinks(ticket.id).then(onClose, onClose);
  };
  return (
    <dialog ref={dialog} class="crew-link" onClose={onClose} aria-labelledby="crew-link-title">
      <h2 id="crew-link-title">{crew.title(ticket.number)}</h2>
      <img
        src={`data:image/svg+xml,${encodeURIComponent(link.qr)}`}
        alt={crew.code}
        width="260"
        height="260"
      />
      <input
        value={link.url}
        readOnly
        aria-label={crew.address}
        onFocus={(event) => event.currentTarget.select()}
      />
      <p class="hint">{crew.hint}</p>
      <p class="bar">
        <button type="button" class="primary" onClick={() => dialog.current?.close()}>
          {close}
        </button>
        <button type="button" class="danger" onClick={end}>
          {crew.end}
        </button>
      </p>
    </dialog>
  );
}

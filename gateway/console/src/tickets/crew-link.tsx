/** The link that a crew works by, as an address and as a code to photograph; it is shown this once. */

import type { CrewLink, Ticket } from '@roadwatch/contract/api';
import { useEffect, useRef } from 'preact/hooks';
import { useTexts } from '../shared/texts/language.ts';

interface DialogProps {
  readonly ticket: Ticket;
  readonly link: CrewLink;
  readonly onClose: () => void;
}

export function CrewLinkDialog({ ticket, link, onClose }: DialogProps) {
  const { crew, close } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
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
      </p>
    </dialog>
  );
}

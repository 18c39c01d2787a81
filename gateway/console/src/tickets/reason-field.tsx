/** Why: in one's own words, or by a click in those that are used most. */
import type { TicketCommand } from '@roadwatch/contract/api';
import { useRef } from 'preact/hooks';
import { useTexts } from '../shared/texts/language.ts';

export function ReasonField({ command }: { readonly command: TicketCommand }) {
  const texts = useTexts();
  const field = useRef<HTMLInputElement>(null);
  const often = command === 'return' ? Object.values(texts.returnReason) : [];
  return (
    <>
      <label class="reason">
        {texts.tickets.reason}
        <input ref={field} name="reason" required maxLength={1000} autofocus />
      </label>
      {often.length === 0 ? null : (
        <p class="often">
          <small>{texts.commandForm.pick}</small>
          {often.map((reason) => (
            <button
              key={reason}
              type="button"
              class="quiet"
              onClick={() => {
                if (field.current !== null) field.current.value = reason;
              }}
            >
              {reason}
            </button>
          ))}
        </p>
      )}
    </>
  );
}

/** Lets something go, with a reason that stands in the audit. */
import { useState } from 'preact/hooks';
import { useAdminTexts } from '../texts/index.ts';

interface Props {
  readonly onDismiss: (reason: string) => void;
  /** What follows from it. */
  readonly hint?: string;
}

export function Dismiss({ onDismiss, hint }: Props) {
  const { troubles: texts } = useAdminTexts();
  const [reason, setReason] = useState<string | null>(null);
  if (reason === null)
    return (
      <button type="button" class="danger" onClick={() => setReason('')}>
        {texts.dismiss}
      </button>
    );
  return (
    <form
      class="bar"
      onSubmit={(event) => {
        event.preventDefault();
        onDismiss(reason);
        setReason(null);
      }}
    >
      <input
        required
        maxLength={1000}
        aria-label={texts.why}
        placeholder={texts.why}
        value={reason}
        onInput={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <button type="submit" class="danger" disabled={reason.trim() === ''}>
        {texts.dismiss}
      </button>
      {hint === undefined ? null : <small class="hint">{hint}</small>}
    </form>
  );
}

/** The address of a new screen, to be copied or opened now. */
import { useState } from 'preact/hooks';
import { useTexts } from '../../shared/texts/language.ts';

export function MadeWall({ address }: { readonly address: string }) {
  const { walls: texts } = useTexts();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    // Where the browser does not let us, the address can be marked and copied by hand.
    navigator.clipboard?.writeText(address).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div class="made">
      <p>{texts.made}</p>
      <input
        value={address}
        readOnly
        aria-label={texts.address}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" onClick={copy}>
        {copied ? texts.copied : texts.copy}
      </button>
      <a class="button" href={address} target="_blank" rel="noreferrer noopener">
        {texts.open}
      </a>
    </div>
  );
}

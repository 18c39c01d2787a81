/** The list of keys. */
import { useEffect, useRef } from 'preact/hooks';
import { useTexts } from '../shared/texts/language.ts';
import { keyList } from './key-list.ts';

export function Help({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const { keys, close } = texts;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help" onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">{keys.title}</h2>
      <dl>
        {keyList(texts).map(({ caps, explanation }) => (
          <div key={explanation}>
            <dt>
              {caps.map((cap) => (
                <kbd key={cap}>{cap}</kbd>
              ))}
            </dt>
            <dd>{explanation}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">{keys.hint}</p>
      <button type="button" onClick={() => dialog.current?.close()}>
        {close}
      </button>
    </dialog>
  );
}

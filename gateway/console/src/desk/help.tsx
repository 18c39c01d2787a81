/** The list of keys. */
import { useEffect, useRef } from 'preact/hooks';
import { useTexts } from '../shared/language.ts';

export function Help({ onClose }: { readonly onClose: () => void }) {
  const { keys, keyName, close } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const rows: readonly (readonly [string, string])[] = [
    [keyName.enter, keys.confirm],
    [`N ${keyName.digit}`, keys.reject],
    [`S ${keyName.digit}`, keys.shelve],
    ['U', keys.undo],
    ['J ↓', keys.next],
    ['K ↑', keys.previous],
    ['C', keys.claim],
    ['O', keys.overlay],
    ['Z', keys.zoom],
    ['V', keys.clip],
    ['L', keys.live],
    [keyName.escape, keys.cancel],
    ['?', keys.help],
  ];
  return (
    <dialog ref={dialog} class="help" onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">{keys.title}</h2>
      <dl>
        {rows.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((part) => (
                <kbd key={part}>{part}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
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

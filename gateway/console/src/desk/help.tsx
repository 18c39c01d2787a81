/** The list of keys, and where a person changes them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useTexts } from '../shared/texts/language.ts';
import type { Action } from './action.ts';
import { changed, conflictOf, conflictText } from './bindings.ts';
import { keyList } from './key-list.ts';
import { useBindings } from './use-bindings.ts';

export function Help({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const { keys, close, remap } = texts;
  const { bindings, bind } = useBindings();
  const dialog = useRef<HTMLDialogElement>(null);
  /** The action whose new key is waited for. */
  const [waits, setWaits] = useState<Action | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (waits === null) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      const stops = event.code === 'Escape';
      const conflict = stops ? null : conflictOf(event.code, waits, bindings);
      setSaid(conflict === null ? '' : conflictText(conflict, texts));
      if (conflict !== null) return;
      if (!stops) bind(changed(bindings, waits, event));
      setWaits(null);
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [waits, bindings, bind, texts]);
  return (
    <dialog ref={dialog} class="help" onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">{keys.title}</h2>
      <dl>
        {keyList(texts, bindings).map(({ action, caps, explanation }) => (
          <div key={explanation}>
            <dt>{waits === action ? <b>{remap.press}</b> : caps.map((cap) => <kbd key={cap}>{cap}</kbd>)}</dt>
            <dd>{explanation}</dd>
            <dd>
              <button
                type="button"
                class="quiet"
                aria-label={remap.changeOf(explanation)}
                onClick={() => {
                  setSaid('');
                  setWaits(action);
                }}
              >
                {remap.change}
              </button>
            </dd>
          </div>
        ))}
      </dl>
      <p class="problem" role="alert">
        {said}
      </p>
      <p class="hint">{keys.hint}</p>
      <p class="buttons">
        <button type="button" class="primary" onClick={() => dialog.current?.close()}>
          {close}
        </button>
        <button type="button" class="quiet" onClick={() => bind({})}>
          {remap.reset}
        </button>
      </p>
    </dialog>
  );
}

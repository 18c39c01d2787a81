/** A page whose code comes when somebody goes there, so that the desk stays small. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useTexts } from './texts/language.ts';

interface Props<Module> {
  readonly load: () => Promise<Module>;
  readonly children: (module: Module) => VNode;
}

export function LazyPage<Module>({ load, children }: Props<Module>) {
  const texts = useTexts();
  const [module, setModule] = useState<Module | 'failed' | null>(null);
  useEffect(() => {
    load().then(setModule, () => setModule('failed'));
  }, []);
  // The gateway has a newer console by now, which no longer has this one's files.
  if (module === 'failed')
    return (
      <div class="nothing">
        <button type="button" onClick={() => location.reload()}>
          {texts.retry}
        </button>
      </div>
    );
  return module === null ? <div class="nothing">{texts.loading}</div> : children(module);
}

/** The address of a system that is called, and the secret of the calls. The secret is never shown: it is kept, or typed anew. */
import { useAdminTexts } from '../texts/index.ts';
import { Field } from './field.tsx';

export interface Called {
  readonly url: string;
  readonly hasSecret: boolean;
  /** Entered anew. */
  readonly secret?: string;
}

interface Props<Kind extends Called> {
  readonly path: string;
  readonly called: Kind;
  readonly onChange: (called: Kind) => void;
}

export function CalledFields<Kind extends Called>({ path, called, onChange }: Props<Kind>) {
  const { units: texts } = useAdminTexts();
  const kept = called.url === '' ? '' : called.hasSecret ? texts.secretKept : texts.secretLost;
  return (
    <div class="fields">
      <Field path={`${path}.url`} label={texts.url}>
        <input
          type="url"
          name="url"
          maxLength={2048}
          placeholder="https://"
          value={called.url}
          onInput={({ currentTarget }) => onChange({ ...called, url: currentTarget.value })}
        />
      </Field>
      <Field path={`${path}.secret`} label={texts.secret}>
        <input
          type="password"
          name="secret"
          autocomplete="new-password"
          maxLength={1024}
          placeholder={kept}
          value={called.secret ?? ''}
          onInput={({ currentTarget }) => {
            const { secret: _, ...rest } = called;
            onChange((currentTarget.value === '' ? rest : { ...rest, secret: currentTarget.value }) as Kind);
          }}
        />
      </Field>
    </div>
  );
}

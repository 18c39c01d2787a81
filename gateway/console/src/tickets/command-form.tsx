/** What a command needs besides itself: a reason, an outcome, another unit. */
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { named } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';

interface Props {
  readonly command: string;
  readonly onSubmit: (more: { reason?: string; outcome?: string; unitId?: string }) => void;
  readonly onCancel: () => void;
}

const NEEDS_REASON = new Set(['return', 'rework', 'close', 'cancel', 'suspend']);

export function CommandForm({ command, onSubmit, onCancel }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const { value: units } = useLoaded(() => api.field.units(), [], 'units');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const given = (name: string) => {
      const value = String(form.get(name) ?? '').trim();
      return value === '' ? {} : { [name]: value };
    };
    onSubmit({ ...given('reason'), ...given('outcome'), ...given('unitId') });
  };
  return (
    <form class="command" onSubmit={submit}>
      {command === 'close' ? (
        <label>
          {texts.tickets.outcome}
          <select name="outcome" required>
            {Object.entries(texts.outcome).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {command === 'reassign' ? (
        <label>
          {texts.tickets.toUnit}
          <select name="unitId" required>
            {(units ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name[language]}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {NEEDS_REASON.has(command) ? (
        <label>
          {texts.tickets.reason}
          <input name="reason" required maxLength={1000} autofocus />
        </label>
      ) : null}
      <button type="submit" class="primary">
        {named(texts.command, command)}
      </button>
      <button type="button" class="quiet" onClick={onCancel}>
        {texts.cancel}
      </button>
    </form>
  );
}

/** How a new screen is called, and how long it may show the wall. */
import type { NewWall } from '@roadwatch/contract/api';
import { useTexts } from '../../shared/texts/language.ts';

const LONGEST_DAYS = 1825;

export function NewWallForm({ onMake }: { readonly onMake: (wanted: NewWall) => Promise<void> }) {
  const { walls: texts } = useTexts();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const given = new FormData(form);
    void onMake({ name: String(given.get('name')), days: Number(given.get('days')) });
  };
  return (
    <form class="new-wall" onSubmit={submit}>
      <label>
        {texts.name}
        <input name="name" required pattern="[a-z0-9][a-z0-9._\-]{0,62}" title={texts.nameHint} />
      </label>
      <label>
        {texts.days}
        <input name="days" type="number" required min={1} max={LONGEST_DAYS} defaultValue={365} />
      </label>
      <button type="submit" class="primary">
        {texts.make}
      </button>
    </form>
  );
}

/** What somebody else has changed while this person did: both values, where both have changed one thing. */
import { useAdminTexts } from '../texts/index.ts';
import { same } from './merge.ts';
import { personName } from './person-name.ts';
import type { Settings } from './use-settings.ts';

interface Props {
  readonly conflict: NonNullable<Settings<object>['conflict']>;
  readonly onTake: (part: string) => void;
}

const LONGEST = 300;

/** What somebody has typed anew is not for the screen either. */
function masked(key: string, value: unknown): unknown {
  return key === 'secret' ? '…' : value;
}

export function ConflictNote({ conflict: { by, changed }, onTake }: Props) {
  const all = useAdminTexts();
  const { conflict: texts } = all;
  const shown = (value: unknown): string =>
    value === undefined ? all.nothing : JSON.stringify(value, masked).slice(0, LONGEST);
  return (
    <section class="conflict" role="alert">
      <h2>{texts.title(personName(by, all))}</h2>
      <p class="hint">{texts.hint}</p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>{texts.what}</th>
              <th>{texts.theirs}</th>
              <th>{texts.yours}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {changed.map(({ part, theirs, mine }) => (
              <tr key={part}>
                <td>{part}</td>
                <td class="value">{shown(theirs)}</td>
                <td class="value">{shown(mine)}</td>
                <td>
                  {same(theirs, mine) ? null : (
                    <button type="button" onClick={() => onTake(part)}>
                      {texts.take}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** A tile: says how old its data is, and goes grey when that is too old to be trusted. */
import type { ComponentChildren } from 'preact';
import { Say } from './language.tsx';
import { TEXTS } from './texts.ts';

const OLD_MS = 10_000;

interface Props {
  readonly name: string;
  /** When its data was last read; null: never yet. */
  readonly at: string | null;
  readonly now: number;
  readonly children: ComponentChildren;
}

export function Tile({ name, at, now, children }: Props) {
  const age = at === null ? null : Math.max(0, now - Date.parse(at));
  const isOld = age !== null && age > OLD_MS;
  return (
    <section
      class={`tile ${name}${isOld ? ' old' : ''}`}
      data-age={age === null ? '' : Math.floor(age / 1000)}
    >
      {age === null && name !== 'map' ? (
        <p class="tile-waiting">
          <Say text={TEXTS.waiting} />
        </p>
      ) : (
        children
      )}
      {age === null ? null : (
        <p class="tile-age figures">
          {isOld ? <Say text={TEXTS.old} inline /> : null} {ageText(age)}
        </p>
      )}
    </section>
  );
}

function ageText(age: number): string {
  const seconds = Math.floor(age / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

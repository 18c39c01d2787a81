/** Two pictures of one place over each other, and a slider between them: what the camera saw, what the crew did, what the camera saw then. */
import { useState } from 'preact/hooks';
import { useTexts } from '../shared/texts/language.ts';
import { type Sight, SightPicture } from './sight.tsx';

interface Props {
  /** In the order in which they were taken. */
  readonly sights: readonly Sight[];
  /** Keys of those that are shown until somebody chooses others; null: there is no other picture yet. */
  readonly before: string;
  readonly after: string | null;
}

const HALF = 50;

export function Compare({ sights, before, after }: Props) {
  const { compare: texts } = useTexts();
  const [chosen, setChosen] = useState<{ readonly left?: string; readonly right?: string }>({});
  const [at, setAt] = useState(HALF);
  const find = (...keys: readonly (string | null | undefined)[]): Sight | null => {
    for (const key of keys) {
      const sight = sights.find((each) => each.key === key);
      if (sight !== undefined) return sight;
    }
    return null;
  };
  const left = find(chosen.left, before);
  const right = find(chosen.right, after);
  if (left === null) return <div class="picture nothing">{texts.none}</div>;
  if (right === null)
    return (
      <figure class="compare" aria-label={left.label}>
        <SightPicture sight={left} />
        <figcaption>{left.label}</figcaption>
      </figure>
    );
  const choice = (label: string, sight: Sight, choose: (key: string) => void) => (
    <label>
      <span class="unseen">{label}</span>
      <select value={sight.key} onChange={(event) => choose(event.currentTarget.value)}>
        {sights.map((each) => (
          <option key={each.key} value={each.key}>
            {each.label}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <figure class="compare" aria-label={texts.title}>
      <div class="sights" style={{ '--at': `${at}%` }}>
        <SightPicture sight={left} />
        <div class="over">
          <SightPicture sight={right} />
        </div>
        <span class="edge" aria-hidden="true" />
        <input
          type="range"
          min="0"
          max="100"
          value={at}
          aria-label={texts.slider}
          onInput={(event) => setAt(Number(event.currentTarget.value))}
        />
      </div>
      <figcaption class="sight-choice">
        {choice(texts.before, left, (key) => setChosen({ ...chosen, left: key }))}
        {choice(texts.after, right, (key) => setChosen({ ...chosen, right: key }))}
      </figcaption>
    </figure>
  );
}

/** What the camera says of the scene, for whoever looks at it: its picture with what stands there, and in words. A hint, never more. */
import type { SceneHint } from '@roadwatch/contract/api';
import { evidenceUrl } from '../shared/api/field.ts';
import { named } from '../shared/texts/index.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';

const TONE = { new: 'good', nothing_new: 'over', unclear: 'warn' } as const;

interface Props {
  /** Null: there is none. */
  readonly hint: SceneHint | null;
  readonly now: number;
}

export function SceneHintView({ hint, now }: Props) {
  const { sceneHint: texts, sceneUnclear, missing: reasons } = useTexts();
  const { shortTime } = useWallClock();
  if (hint === null) return null;
  const { result, code, reason, standing, picture, missing } = hint;
  const things = standing.map(({ kind, isNew }) =>
    isNew ? named(texts.kind, kind) : texts.before(named(texts.kind, kind)),
  );
  const why = code === null ? reason : (sceneUnclear[code] ?? reason ?? code);
  return (
    <section class="scene-hint" aria-label={texts.title} data-result={result ?? hint.state}>
      {picture?.available ? (
        <Framed
          sha256={picture.sha256}
          label={texts.picture(shortTime(picture.capturedAt, now))}
          of={standing}
        />
      ) : null}
      <div class="words">
        <h2>{texts.title}</h2>
        {result === null ? (
          <p>{texts.asking}</p>
        ) : (
          <p>
            <span class={`mark ${TONE[result]}`}>{texts.result[result]}</span>{' '}
            <time class="hint figures" dateTime={hint.endedAt ?? hint.requestedAt}>
              {shortTime(hint.endedAt ?? hint.requestedAt, now)}
            </time>
          </p>
        )}
        {result === 'unclear' ? <p>{why}</p> : null}
        {things.length === 0 ? null : <p>{texts.standing(things.join(' · '))}</p>}
        {picture?.available === false ? <p class="hint">{texts.onItsWay}</p> : null}
        {missing === null ? null : <p class="hint">{texts.noPicture(named(reasons, missing))}</p>}
        {result === null || result === 'unclear' ? null : (
          <p class="hint">{hint.comparesOpening ? texts.compared : texts.notCompared}</p>
        )}
        <p class="hint">{texts.onlyHint}</p>
      </div>
    </section>
  );
}

interface FramedProps {
  readonly sha256: string;
  readonly label: string;
  readonly of: SceneHint['standing'];
}

/** The picture as large as there is room, each thing in a frame with its name and how sure the model is. */
function Framed({ sha256, label, of }: FramedProps) {
  const { kind: kinds } = useTexts().sceneHint;
  return (
    <figure>
      <a href={evidenceUrl(sha256)} target="_blank" rel="noreferrer">
        <img src={evidenceUrl(sha256)} alt={label} />
        {of.map(({ kind, score, box: [x, y, width, height], isNew }) => (
          <span
            key={`${x} ${y} ${kind}`}
            class={isNew ? 'standing new' : 'standing'}
            style={{ left: of100(x), top: of100(y), width: of100(width), height: of100(height) }}
          >
            <b class="figures">
              {named(kinds, kind)} {Math.round(score * 100)}%
            </b>
          </span>
        ))}
      </a>
      <figcaption class="hint">{label}</figcaption>
    </figure>
  );
}

function of100(share: number): string {
  return `${share * 100}%`;
}

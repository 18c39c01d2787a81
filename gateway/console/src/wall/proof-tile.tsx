/** The latest repair that a camera has proven: its picture of the damage beside its picture of the whole road. */
import type { WallProof } from '@roadwatch/contract/api';
import { damageClass } from '@roadwatch/contract/damage-class.ts';
import { Say, useSaid } from './language.tsx';
import { TEXTS } from './texts.ts';
import { usePicture } from './use-picture.ts';

interface Props {
  readonly latest: WallProof | null;
  readonly token: string;
}

export function ProofTile({ latest, token }: Props) {
  return (
    <>
      <h2>
        <Say text={TEXTS.proof} inline />
      </h2>
      {latest === null ? (
        <p class="tile-waiting">
          <Say text={TEXTS.noProof} />
        </p>
      ) : (
        <>
          <div class="pair">
            <Half which="before" sha256={latest.before.sha256} box={latest.box} token={token} />
            <Half which="after" sha256={latest.after.sha256} box={latest.box} token={token} />
          </div>
          <p class="case-what">
            <span class="case-place">
              <Say text={latest.place} inline />
            </span>
            <span class={`tag ${latest.damageClass}`}>
              <Say text={damageClass(latest.damageClass)} inline />
            </span>
          </p>
        </>
      )}
    </>
  );
}

/** What is shown around the damage, in sizes of it, and at least which share of the picture's width. */
const AROUND = 3;
const LEAST = 0.3;

interface HalfProps {
  readonly which: 'before' | 'after';
  readonly sha256: string;
  readonly box: WallProof['box'];
  readonly token: string;
}

/** The damage's surroundings, as large as its half of the tile: seen from afar, the whole street would be a street and no more. */
function Half({ which, sha256, box, token }: HalfProps) {
  const said = useSaid();
  const { url, width, height, failed } = usePicture(token, sha256);
  const [x, y, w, h] = [box[0] * width, box[1] * height, box[2] * width, box[3] * height];
  const side = Math.min(width, height, Math.max(AROUND * Math.max(w, h), LEAST * width));
  const left = Math.min(Math.max(0, x + w / 2 - side / 2), width - side);
  const top = Math.min(Math.max(0, y + h / 2 - side / 2), height - side);
  return (
    <figure class={which}>
      {url === null ? (
        <div class="no-picture">{failed ? <Say text={TEXTS.pictureGone} /> : null}</div>
      ) : (
        <svg
          viewBox={`${left} ${top} ${side} ${side}`}
          preserveAspectRatio="xMidYMid slice"
          role="img"
          aria-label={said(TEXTS[which])}
        >
          <image href={url} width={width} height={height} />
          <rect x={x} y={y} width={w} height={h} rx={side / 60} vector-effect="non-scaling-stroke" />
        </svg>
      )}
      <figcaption>
        <Say text={TEXTS[which]} inline />
      </figcaption>
    </figure>
  );
}

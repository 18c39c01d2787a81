/** Everything on the wall, each tile by how old its data is. */
import { wallClock } from '../shared/time/time.ts';
import { Feed } from './feed.tsx';
import { Figures } from './figures.tsx';
import { Say } from './language.tsx';
import { ProofTile } from './proof-tile.tsx';
import { TEXTS } from './texts.ts';
import { Tile } from './tile.tsx';
import { Unanswered } from './unanswered.tsx';
import { useTick } from './use-tick.ts';
import type { Wall } from './use-wall.ts';
import { useWallMarkers } from './use-wall-markers.ts';
import { WallMap } from './wall-map.tsx';

export function Board({ wall, token }: { readonly wall: Wall; readonly token: string }) {
  useTick();
  const { board, hello, line } = wall;
  const now = wall.now();
  const { figures, feed, unanswered, proof, map } = board ?? NOTHING;
  const { ground, markers, freshAt } = useWallMarkers(token, map.value?.seq ?? null, map.at);
  return (
    <main class="wall">
      <header class="wall-head">
        <h1>
          <Say text={TEXTS.title} inline />
        </h1>
        {line === 'up' ? null : (
          <p class="wall-line" role="status">
            <Say
              text={line === 'lost' ? TEXTS.lost : line === 'full' ? TEXTS.full : TEXTS.connecting}
              inline
            />
          </p>
        )}
        {hello === null ? null : <Clock at={now} zone={hello.timeZone} />}
      </header>
      <Tile name="figures" at={figures.at} now={now}>
        {figures.value === null ? null : <Figures {...figures.value} />}
      </Tile>
      <Tile name="feed" at={feed.at} now={now}>
        {feed.value === null ? null : <Feed {...feed.value} now={now} zone={hello?.timeZone ?? 'UTC'} />}
      </Tile>
      <Tile name="map" at={freshAt} now={now}>
        <WallMap ground={ground} markers={markers} />
      </Tile>
      <Tile name="unanswered" at={unanswered.at} now={now}>
        {unanswered.value === null ? null : <Unanswered {...unanswered.value} now={now} />}
      </Tile>
      <Tile name="proof" at={proof.at} now={now}>
        {proof.value === null ? null : <ProofTile {...proof.value} token={token} />}
      </Tile>
    </main>
  );
}

const EMPTY = { at: null, value: null } as const;
const NOTHING = { figures: EMPTY, feed: EMPTY, unanswered: EMPTY, proof: EMPTY, map: EMPTY } as const;

function Clock({ at, zone }: { readonly at: number; readonly zone: string }) {
  const { fullDay, clockTime } = wallClock(zone);
  return (
    <p class="wall-clock figures">
      <span>{fullDay(at)}</span> <b>{clockTime(at).split(' ')[1]}</b>
    </p>
  );
}

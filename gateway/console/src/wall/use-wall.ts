/** What the wall shows, as the gateway last told it, and how the line to the gateway is. */
import type { WallBoard, WallHello } from '@roadwatch/contract/api';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { filesOf, isCurrent } from '../shared/page-files.ts';
import { reloadWhenThere } from './reload.ts';
import { type Line, watchWall } from './stream.ts';

export interface Wall {
  readonly hello: WallHello | null;
  readonly board: WallBoard | null;
  readonly line: Line;
  /** Why it has ended, by the code of the refusal. */
  readonly ended: string | null;
  /** The gateway's present instant, whatever the clock of this screen shows. */
  now(): number;
}

export function useWall(token: string): Wall {
  const [hello, setHello] = useState<WallHello | null>(null);
  const [board, setBoard] = useState<WallBoard | null>(null);
  const [line, setLine] = useState<Line>('connecting');
  const [ended, setEnded] = useState<string | null>(null);
  const clock = useMemo(() => ({ offset: 0 }), []);

  useEffect(() => {
    const mine = filesOf(document);
    return watchWall(headersOf(token), {
      onHello: (heard) => {
        // A clock that cannot be set counts from there on: the screen's own may be set meanwhile.
        clock.offset = Date.parse(heard.now) - performance.now();
        setHello(heard);
        if (!isCurrent(mine, heard.files)) void reloadWhenThere();
      },
      onBoard: setBoard,
      onLine: setLine,
      onEnded: setEnded,
    });
  }, [token, clock]);
  return { hello, board, line, ended, now: () => performance.now() + clock.offset };
}

export function headersOf(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

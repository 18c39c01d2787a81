/** The screens that may show the wall now. */
import type { ApiToken } from '@roadwatch/contract/api';
import { LastUsed } from '../../shared/last-used.tsx';
import { useTexts } from '../../shared/texts/language.ts';
import { useNow } from '../../shared/time/use-now.ts';
import { useWallClock } from '../../shared/time/wall-clock.ts';

interface Props {
  readonly walls: readonly ApiToken[];
  readonly onEnd: (wall: ApiToken) => void;
}

export function WallList({ walls, onEnd }: Props) {
  const { walls: texts } = useTexts();
  const now = useNow();
  const { fullDay } = useWallClock();
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>{texts.name}</th>
            <th>{texts.until}</th>
            <th>{texts.used}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {walls.map((wall) => (
            <tr key={wall.id}>
              <td class="name">{wall.name}</td>
              <td class="figures">{fullDay(wall.expiresAt)}</td>
              <LastUsed at={wall.lastUsedAt} now={now} />
              <td>
                <button type="button" class="danger" onClick={() => onEnd(wall)}>
                  {texts.end}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The screens that may show the wall now. */
import type { ApiToken } from '@roadwatch/contract/api';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';
import { useNow } from '../../shared/time/use-now.ts';
import { useWallClock } from '../../shared/time/wall-clock.ts';

interface Props {
  readonly walls: readonly ApiToken[];
  readonly onEnd: (wall: ApiToken) => void;
}

export function WallList({ walls, onEnd }: Props) {
  const all = useTexts();
  const { walls: texts } = all;
  const language = useLanguage();
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
              <td class="figures">
                {wall.lastUsedAt === null ? all.never : all.ago(age(wall.lastUsedAt, now, language))}
              </td>
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

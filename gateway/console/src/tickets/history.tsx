/** What has happened to a ticket, the latest first. */

import type { HistoryEntry, Ticket } from '@roadwatch/contract/api';
import { personOf } from '../shared/person.ts';
import { named, type Texts } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';

export function History({
  entries,
  unit,
}: {
  readonly entries: readonly HistoryEntry[];
  readonly unit: Ticket['unit'];
}) {
  const texts = useTexts();
  const language = useLanguage();
  const { clockTime } = useWallClock();
  const actorName = (actor: string): string => {
    if (actor === 'system') return texts.system;
    return actor === `unit:${unit.id}` ? unit.name[language] : personOf(actor);
  };
  return (
    <ol class="history">
      {entries.toReversed().map((entry) => (
        <li key={`${entry.at} ${entry.action}`}>
          <time class="figures" dateTime={entry.at}>
            {clockTime(entry.at)}
          </time>
          <span>{entryText(entry, texts, clockTime)}</span>
          <small>{actorName(entry.actor)}</small>
        </li>
      ))}
    </ol>
  );
}

function entryText(
  { action, detail }: HistoryEntry,
  texts: Texts,
  clockTime: (at: string) => string,
): string {
  const name = action.replace(/^ticket\./, '');
  const outcome = detail?.outcome ? named(texts.outcome, detail.outcome) : null;
  // A recall says no more than its name.
  const said = detail?.reason && detail.reason !== name ? detail.reason : null;
  const reason = (detail?.code ? texts.sceneUnclear[detail.code] : undefined) ?? said;
  const answer = detail?.answer ? named(texts.sceneAnswer, detail.answer) : null;
  const until = detail?.until ? `${texts.extension.until} ${clockTime(detail.until)}` : null;
  return [named(texts.audit, action), answer, outcome, until, reason, detail?.error ?? null]
    .filter((part) => part !== null)
    .join(' · ');
}

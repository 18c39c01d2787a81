/** The last time that somebody looked at the scene, and until when a suspended ticket rests. */
import type { Ticket } from '@roadwatch/contract/api';
import { personOf } from '../shared/person.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';

export function SceneLooks({ ticket, now }: { readonly ticket: Ticket; readonly now: number }) {
  const { sceneLook: texts, sceneAnswer, commandForm } = useTexts();
  const { shortTime, fullDay } = useWallClock();
  const last = ticket.sceneLooks.at(-1);
  return (
    <>
      {last === undefined ? null : (
        <p class="looked">
          {texts.last(sceneAnswer[last.answer], shortTime(last.at, now), personOf(last.by))}
        </p>
      )}
      {ticket.reviewAt === null ? null : <p>{commandForm.reviewOn(fullDay(ticket.reviewAt))}</p>}
    </>
  );
}

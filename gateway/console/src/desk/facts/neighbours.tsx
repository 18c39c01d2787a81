/** What may be one thing with the current alert, and what has been made one with it: a click, or M and its digit. */
import { Said } from '../../outbox/said.tsx';
import { mayJudge } from '../../shared/person.ts';
import { damageName } from '../../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import type { DeskEvent } from '../desk-events.ts';
import type { DeskState, Neighbour } from '../desk-state.ts';

interface Props {
  readonly state: DeskState;
  readonly now: number;
  readonly onEvent: (event: DeskEvent) => void;
}

export function Neighbours({ state, now, onEvent }: Props) {
  const texts = useTexts();
  const numbered = state.neighbours.map((neighbour, index) => ({ neighbour, digit: index + 1 }));
  const groups = [
    [texts.mergedParts, numbered.filter(({ neighbour }) => neighbour.apart)],
    [texts.mergeCandidates, numbered.filter(({ neighbour }) => !neighbour.apart)],
  ] as const;
  return (
    <>
      {groups.map(([title, rows]) =>
        rows.length === 0 ? null : (
          <section key={title}>
            <h3>{title}</h3>
            <ul class="candidates">
              {rows.map(({ neighbour, digit }) => (
                <Row
                  key={neighbour.alert.id}
                  {...{ neighbour, digit, state, now }}
                  onJoin={() => onEvent({ kind: 'joined', neighbour })}
                />
              ))}
            </ul>
          </section>
        ),
      )}
    </>
  );
}

interface RowProps extends Pick<Props, 'state' | 'now'> {
  readonly neighbour: Neighbour;
  readonly digit: number;
  readonly onJoin: () => void;
}

function Row({ neighbour: { alert, apart, metres }, digit, state, now, onJoin }: RowProps) {
  const texts = useTexts();
  const language = useLanguage();
  const given = state.verdicts.find(
    ({ alertId, decision, outcome }) =>
      alertId === alert.id &&
      (decision.kind === 'merge' || decision.kind === 'unmerge') &&
      outcome?.kind !== 'stored',
  );
  return (
    <li>
      <span>
        <b class="figures place-mark">{digit}</b> {damageName(alert.damageClass, language)}
      </span>
      <span class="hint figures">
        {alert.report?.address ?? alert.cameraName[language]}
        {metres === null ? null : ` · ${texts.metresAway(Math.round(metres))}`}
      </span>
      {given === undefined ? null : (
        <span class="problem">
          <Said entry={given} now={now} problem={state.delivery} />
        </span>
      )}
      {mayJudge(state.user) ? (
        <button type="button" class="quiet" onClick={onJoin}>
          {apart ? texts.unmerge : texts.merge}
        </button>
      ) : null}
    </li>
  );
}

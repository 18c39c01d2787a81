/** One thing of the list: what it is, where, how it stands; it leads to its page, and can be shown on the map. */
import { CameraMark } from '../shared/camera-mark.tsx';
import { at } from '../shared/route/base.ts';
import { follow } from '../shared/route/route.ts';
import { damageName } from '../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { age, countdown } from '../shared/time/time.ts';
import { pathOf, type Thing } from './things.ts';

interface Props {
  readonly thing: Thing;
  readonly now: number;
  readonly onShow: () => void;
  /** It has the keyboard's focus or the pointer, or has them no longer. */
  readonly onLook: (looking: boolean) => void;
  /** Null where there is no map. */
  readonly showable: boolean;
}

export function ThingRow({ thing, now, onShow, onLook, showable }: Props) {
  const { map: texts, tickets } = useTexts();
  return (
    <li
      class="thing"
      onPointerEnter={() => onLook(true)}
      onPointerLeave={() => onLook(false)}
      onFocusIn={() => onLook(true)}
      onFocusOut={() => onLook(false)}
    >
      <a href={at(pathOf(thing.kind, thing.id))} onClick={follow}>
        <ThingText thing={thing} now={now} />
      </a>
      {thing.kind === 'ticket' ? (
        <a
          class="button quiet"
          href={at(`/tickets/${thing.id}/scene`)}
          onClick={follow}
          title={tickets.lookAtScene}
        >
          <span class="unseen">{tickets.lookAtScene}</span>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M1 4h9v8H1zM10 7l5-3v8l-5-3z" fill="none" stroke="currentColor" stroke-width="1.5" />
          </svg>
        </a>
      ) : null}
      {showable ? (
        <button type="button" class="quiet" onClick={onShow} title={texts.show} aria-label={texts.show}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5" />
            <path d="M8 0v5M8 11v5M0 8h5M11 8h5" stroke="currentColor" stroke-width="1.5" />
          </svg>
        </button>
      ) : null}
    </li>
  );
}

/** Also beside the pointer. */
export function ThingText({ thing, now }: Pick<Props, 'thing' | 'now'>) {
  const texts = useTexts();
  const language = useLanguage();
  if (thing.kind === 'camera')
    return (
      <>
        <strong>{thing.camera.name}</strong>
        <CameraMark camera={{ state: thing.state }} />
      </>
    );
  if (thing.kind === 'alert') {
    const { damageClass, name, at: since } = thing.alert;
    return (
      <>
        <strong>{name[language]}</strong>
        <span class={`tag ${damageClass}`}>{damageName(damageClass, language)}</span>
        <span class="hint figures">{texts.ago(age(since, now, language))}</span>
      </>
    );
  }
  const { damageClass, name, number, state, clock } = thing.ticket;
  const left = clock === null ? null : Date.parse(clock.deadlineAt) - now;
  return (
    <>
      <strong>{name[language]}</strong>
      <span class={`tag ${damageClass}`}>{damageName(damageClass, language)}</span>
      <span>{texts.ticketState[state]}</span>
      {left === null || clock === null ? null : (
        <span class={left < 0 ? 'late figures' : 'figures'}>
          {texts.map.clock(texts.clock[clock.kind], countdown(left))}
        </span>
      )}
      <span class="hint figures">{number}</span>
    </>
  );
}

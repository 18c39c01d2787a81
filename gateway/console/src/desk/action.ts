/** An action of the desk as one value: what it is called, which keys do it, what speaks against it and what it does. */
import type { Language, Texts } from '../shared/texts/index.ts';
import type { WallClock } from '../shared/time/time.ts';
import type { DeskEvent } from './desk-events.ts';
import type { DeskState, Menu } from './desk-state.ts';
import type { Bound } from './keys.ts';
import type { WhyNot } from './why-not.ts';

/** When it is done: the gateway's instant in milliseconds, and the city's clock. */
interface Moment {
  readonly now: number;
  readonly wall: Pick<WallClock, 'nextHour'>;
  readonly texts: Pick<Texts, 'shelveReason'>;
}

export interface Action extends Bound {
  readonly name: string;
  /** On its button. */
  readonly label: (texts: Texts, state: DeskState, language: Language) => string;
  /** In the list of keys; choices of a menu stand there with what opens the menu. */
  readonly explanation?: (texts: Texts) => string;
  readonly variant?: 'primary' | 'danger' | 'quiet';
  /** Of what can be on or off. */
  readonly isOn?: (state: DeskState) => boolean;
  readonly opens?: Menu;
  /** Of a choice that is not always offered. */
  readonly isThere?: (state: DeskState) => boolean;
  /** Null: it can be done. */
  readonly whyNot: (state: DeskState, now: number) => WhyNot | null;
  /** Asked only when nothing speaks against it. */
  readonly does: (state: DeskState, moment: Moment) => DeskEvent;
}

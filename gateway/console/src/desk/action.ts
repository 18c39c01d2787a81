/** An action of the desk as one value: what it is called, which keys do it, when it is possible and what it does. */
import type { Texts } from '../shared/texts/index.ts';
import type { WallClock } from '../shared/time/time.ts';
import type { DeskEvent } from './desk-events.ts';
import type { DeskState, Menu } from './desk-state.ts';
import type { Bound } from './keys.ts';

/** When it is done: the gateway's instant in milliseconds, and the city's clock. */
interface Moment {
  readonly now: number;
  readonly wall: Pick<WallClock, 'nextHour'>;
}

export interface Action extends Bound {
  readonly name: string;
  /** On its button. */
  readonly label: (texts: Texts, state: DeskState) => string;
  /** In the list of keys; choices of a menu stand there with what opens the menu. */
  readonly explanation?: (texts: Texts) => string;
  readonly variant?: 'primary' | 'danger' | 'quiet';
  /** Of what can be on or off. */
  readonly isOn?: (state: DeskState) => boolean;
  readonly opens?: Menu;
  /** With a menu open its keys do nothing: Enter must not dispatch what the operator is about to reject. */
  readonly notInMenu?: boolean;
  readonly possible: (state: DeskState, now: number) => boolean;
  /** Asked only when it is possible. */
  readonly does: (state: DeskState, moment: Moment) => DeskEvent;
}

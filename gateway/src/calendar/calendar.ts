/** A calendar says which time counts; by the simplest one all of it does. */
/** Which time counts. */
export interface Calendar {
  /** The instant at which `ms` of counted time after `from` are over. */
  add(from: number, ms: number): number;
  /** Counted milliseconds from one instant to a later one. */
  between(from: number, to: number): number;
}

/** Round the clock: 紧急工作时. */
export const ALWAYS: Calendar = {
  add: (from, ms) => from + ms,
  between: (from, to) => Math.max(0, to - from),
};

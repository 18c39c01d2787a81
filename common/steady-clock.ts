/**
 * The time for whatever lasts: durations, timeouts, the order of what was seen. It counts milliseconds since 1970 as they were when the
 * process started, and nobody sets it: a wall clock that is put right, by an hour or by fifty years, must neither hold
 * anything up nor make it happen at once. What a person or another machine reads is converted to the wall clock's time when it
 * is said.
 */

/** Less is a clock that is drawn right little by little; following it would make one moment look like two. */
const STEP_MS = 500;
let ahead = 0;

export function steadyMs(): number {
  return Math.round(performance.timeOrigin + performance.now());
}

/** What the wall clock, as it is set now, says of a moment. */
export function wallMs(steady: number): number {
  return steady + wallAhead();
}

/** The moment of which the wall clock, as it is set now, would say this. */
export function steadyOf(wall: number): number {
  return wall - wallAhead();
}

function wallAhead(): number {
  const now = Date.now() - steadyMs();
  if (Math.abs(now - ahead) > STEP_MS) ahead = now;
  return ahead;
}

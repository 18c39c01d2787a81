/**
 * A trial order: what goes to a unit's own system before the first ticket does, signed and sent as all are, marked as a test, and
 * kept nowhere.
 */
import { channelOf } from '../config/channels.ts';
import type { Config } from '../config/config.ts';
import type { UnitConfig } from '../config/units.ts';
import { CHANNELS } from './channels.ts';
import type { Trial } from './trial-order.ts';

/** One attempt. Never throws for what the other side does. */
export async function tryUnit(
  unit: UnitConfig,
  config: Pick<Config, 'smtp'>,
  nowMs: number,
  signal: AbortSignal,
): Promise<Trial> {
  const name = channelOf(unit);
  if (name === 'desk')
    return { ok: true, lines: [`${unit.id} works on the built-in desk: nothing is sent anywhere`] };
  return CHANNELS[name].trial(unit, config, nowMs, signal);
}

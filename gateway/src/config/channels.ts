/** The ways to a unit: a system of its own, of which a configuration names at most one, or the built-in desk. */

export const SYSTEMS = ['webhook', 'open311', 'mail'] as const;
export type System = (typeof SYSTEMS)[number];
export type ChannelName = System | 'desk';

/** Whether a unit can be told by it that its time runs out. Open311 has no reminders; on the desk it is there to be seen. */
export const REMINDS: Readonly<Record<ChannelName, boolean>> = {
  webhook: true,
  open311: false,
  mail: true,
  desk: false,
};

export function channelOf(unit: { readonly [name in System]?: unknown }): ChannelName {
  return SYSTEMS.find((name) => unit[name] !== undefined) ?? 'desk';
}

/** The ids of the units that have a system of their own; what is ordered of all others they find on the desk. */
export function withSystem(
  units: readonly (Parameters<typeof channelOf>[0] & { readonly id: string })[],
): string[] {
  return units.filter((unit) => channelOf(unit) !== 'desk').map(({ id }) => id);
}

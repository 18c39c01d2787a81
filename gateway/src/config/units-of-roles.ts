/** Whether the units that the identity provider's roles are for are there. */
import type { Config } from './config.ts';

/** Once the units are known, which the console may have changed. Throws one sentence for a role that belongs to none. */
export function checkUnitsOfRoles({ oidc, units }: Pick<Config, 'oidc' | 'units'>): void {
  for (const [index, { unit }] of (oidc?.roles ?? []).entries())
    if (unit !== undefined && !units.some(({ id }) => id === unit))
      throw new Error(`oidc.roles[${index}].unit: there is no unit ${JSON.stringify(unit)}`);
}

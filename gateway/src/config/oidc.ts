/** The identity provider of the configuration, with what its schema cannot say checked. */
import { type ReadFile, Secret } from '@roadwatch/common';
import type { OidcSection } from './sections/oidc.ts';

/** Without a secret, a public client. */
export type OidcConfig = Omit<OidcSection, 'clientSecret' | 'clientSecretFile'> & {
  readonly clientSecret?: Secret;
};

export function resolveOidc(
  { clientSecret: given, clientSecretFile, ...oidc }: OidcSection,
  secret: ReadFile,
  problems: string[],
): OidcConfig {
  if (given !== undefined && clientSecretFile !== undefined)
    problems.push('oidc.clientSecret: give either clientSecret or clientSecretFile, not both');
  for (const name of ['roleClaim', 'usernameClaim'] as const)
    if (/^\.|\.\.|\.$/.test(oidc[name]))
      problems.push(
        `oidc.${name}: ${JSON.stringify(oidc[name])} is not allowed; expected a claim, or its way through others such as realm_access.roles`,
      );
  for (const [index, { role, unit }] of oidc.roles.entries()) {
    if ((role === 'unit') !== (unit !== undefined))
      problems.push(`oidc.roles[${index}].unit: goes with role: unit, and only with it`);
  }
  const clientSecret = given ?? secret('oidc.clientSecretFile', clientSecretFile);
  return { ...oidc, ...(clientSecret === undefined ? {} : { clientSecret: new Secret(clientSecret) }) };
}

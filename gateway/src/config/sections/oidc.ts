/** Signing in at the organisation's own identity provider. */

import { SecretText as Secret } from '@roadwatch/common';
import { BilingualText, Slug } from '@roadwatch/contract';
import { ROLES } from '@roadwatch/contract/api';
import { type Static, Type } from 'typebox';
import { Path } from './shared.ts';

export const OidcSection = Type.Object(
  {
    issuer: Type.String({
      pattern: '^(https://[^\\s?#@]+|http://(127\\.0\\.0\\.1|localhost)(:\\d+)?(/[^\\s?#@]*)?)$',
      maxLength: 2048,
      description: 'the https:// address of the identity provider (http:// on this machine only)',
    }),
    clientId: Type.String({ minLength: 1, maxLength: 500 }),
    clientSecret: Type.Optional(Secret),
    clientSecretFile: Type.Optional(Path),
    scope: Type.String({ pattern: '\\bopenid\\b', maxLength: 500, default: 'openid profile' }),
    usernameClaim: Type.String({ minLength: 1, maxLength: 200, default: 'preferred_username' }),
    roleClaim: Type.String({ minLength: 1, maxLength: 200, default: 'roles' }),
    roles: Type.Array(
      Type.Object(
        {
          claim: Type.String({ minLength: 1, maxLength: 500 }),
          role: Type.Union(ROLES.map((role) => Type.Literal(role))),
          unit: Type.Optional(Slug),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1000 },
    ),
    label: Type.Object(BilingualText.properties, {
      additionalProperties: false,
      default: { en: 'Single sign-on', zh: '统一身份认证' },
    }),
  },
  { additionalProperties: false },
);

export type OidcSection = Static<typeof OidcSection>;

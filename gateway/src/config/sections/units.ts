/** Units, and the systems of their own that they may have. */
import { SecretText as Secret } from '@roadwatch/common';
import { BilingualText, DamageClass, Datum, Slug } from '@roadwatch/contract';
import { RANGES } from '@roadwatch/contract/settings-ranges.ts';
import { type Static, Type } from 'typebox';
import { MailSection } from '../mail.ts';
import { byClass, Path } from './shared.ts';

export const WebhookSection = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://[^\\s]+$',
      maxLength: 2048,
      description: 'the http:// or https:// address that takes the orders',
    }),
    secret: Type.Optional(Secret),
    secretFile: Type.Optional(Path),
  },
  { additionalProperties: false },
);

const Open311UnitSection = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://[^\\s]+$',
      maxLength: 2048,
      description: 'the http:// or https:// address under which requests.json lies',
    }),
    apiKey: Type.Optional(Secret),
    apiKeyFile: Type.Optional(Path),
    jurisdictionId: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    format: Type.Union([Type.Literal('json'), Type.Literal('xml')], { default: 'json' }),
    serviceCode: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    serviceCodes: byClass(Type.String({ minLength: 1, maxLength: 200 })),
    pollSeconds: Type.Number({ ...RANGES.pollSeconds, default: 60 }),
  },
  { additionalProperties: false },
);

export const UnitSection = Type.Object(
  {
    id: Slug,
    // The same on the wire takes keys that a later version knows.
    name: Type.Object(BilingualText.properties, { additionalProperties: false }),
    default: Type.Boolean({ default: false, description: 'true or false' }),
    classes: Type.Optional(Type.Array(DamageClass, { minItems: 1, maxItems: 20 })),
    area: Type.Optional(Type.Unknown()),
    areaFile: Type.Optional(Path),
    areaDatum: Type.Optional(Datum),
    webhook: Type.Optional(WebhookSection),
    open311: Type.Optional(Open311UnitSection),
    mail: Type.Optional(MailSection),
  },
  { additionalProperties: false },
);

export type WebhookSection = Static<typeof WebhookSection>;
export type UnitSection = Static<typeof UnitSection>;

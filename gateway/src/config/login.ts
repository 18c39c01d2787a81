/** How people with a password kept here get in. */
import { ROLES } from '@roadwatch/contract/api';
import { Type } from 'typebox';

export const LoginSection = Type.Object(
  {
    local: Type.Boolean({ default: true, description: 'true or false' }),
    requireSecondFactor: Type.Array(Type.Enum([...ROLES]), {
      maxItems: ROLES.length,
      uniqueItems: true,
      default: [],
    }),
  },
  { additionalProperties: false, default: {} },
);

/** How people with a password kept here get in. */
import { Type } from 'typebox';
import { ROLES } from '../store/tables/people.ts';

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

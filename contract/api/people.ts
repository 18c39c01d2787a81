/** Who may use the console, as an admin sees and changes it. */
import { type Static, Type } from 'typebox';
import { Timestamp } from '../ids.ts';
import { AllOf, Named, OneOf, OrNull } from './shapes.ts';
import { ROLES } from './vocabulary.ts';

export const USER_NAME = '^[a-z0-9][a-z0-9._-]{0,62}$';

export const Person = Named('Person', {
  username: Type.String(),
  role: OneOf(ROLES),
  unitId: OrNull(Type.String()),
  createdAt: Timestamp,
  disabledAt: OrNull(Timestamp),
  local: Type.Boolean({
    description: 'has a password here; otherwise the identity provider says their role',
  }),
  secondFactor: Type.Boolean(),
  sessions: Type.Integer({ minimum: 0 }),
});
export type Person = Static<typeof Person>;
export const PersonList = AllOf('PersonList', Person);

const standing = {
  role: OneOf(ROLES),
  unitId: OrNull(Type.String({ maxLength: 63 }), {
    description: 'goes with the role unit, and only with it',
  }),
};
export const Standing = Type.Object(standing, { additionalProperties: false });
export type Standing = Static<typeof Standing>;

export const NewPerson = Named(
  'NewPerson',
  { username: Type.String({ pattern: USER_NAME }), ...standing },
  { additionalProperties: false },
);
export type NewPerson = Static<typeof NewPerson>;

export const ShownPassword = Named('ShownPassword', {
  username: Type.String(),
  password: Type.String({ description: 'shown this once' }),
});
export type ShownPassword = Static<typeof ShownPassword>;

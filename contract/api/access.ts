/** Who may come in, and by what: sessions, second factors, tokens of programs, certificates of boxes. */
import { type Static, Type } from 'typebox';
import { BilingualText } from '../damage-class.ts';
import { Id, Slug, Timestamp } from '../ids.ts';
import { AllOf, Instant, ListOf, Named, OneOf, OrNull } from './shapes.ts';
import { ROLES, SCOPES, TOKEN_STATES } from './vocabulary.ts';

export const User = Named('User', {
  id: Id,
  username: Type.String(),
  role: OneOf(ROLES),
  unitId: OrNull(Type.String()),
});
export type User = Static<typeof User>;

/** An identity provider, and the address that leads there. */
const OtherWay = Named('OtherWay', { label: BilingualText, path: Type.String() });

/** How people sign in here. */
export const Ways = Named('Ways', {
  password: Type.Boolean(),
  oidc: OrNull(OtherWay),
  address: Type.Optional(
    Type.String({ description: 'where the gateway is meant to be reached; left out: wherever it is' }),
  ),
});
export type Ways = Static<typeof Ways>;

const CsrfToken = Type.String({ description: 'what changes must carry in x-csrf-token' });
const TimeZone = Type.String({ description: "the city's, as an IANA name" });

export const SignedIn = Named('SignedIn', { csrfToken: CsrfToken, user: User, timeZone: TimeZone });
export type SignedIn = Static<typeof SignedIn>;

/** What somebody can change of their own access. */
export const OwnAccount = Named('OwnAccount', {
  password: Type.Boolean({ description: 'whether their password is kept here' }),
  secondFactor: Type.Boolean(),
  mustSetUp: Type.Boolean({ description: 'they can do nothing else before they have a second factor' }),
});
export type OwnAccount = Static<typeof OwnAccount>;

/** Programs have neither a csrfToken nor an account. */
export const Me = Named('Me', {
  user: User,
  csrfToken: Type.Optional(CsrfToken),
  timeZone: TimeZone,
  account: Type.Optional(OwnAccount),
});
export type Me = Static<typeof Me>;

/** After a change that ends all other sessions. */
export const Renewed = Named('Renewed', { csrfToken: CsrfToken });
export type Renewed = Static<typeof Renewed>;

/** A second factor that waits for its first code. */
export const FactorBegun = Named('FactorBegun', {
  secret: Type.String({ description: 'Base32 (RFC 4648)' }),
  uri: Type.String(),
  qr: Type.String({ description: 'SVG' }),
});
export type FactorBegun = Static<typeof FactorBegun>;

export const FactorOn = Named('FactorOn', {
  csrfToken: CsrfToken,
  recoveryCodes: ListOf(Type.String(), { description: 'shown this once' }),
});
export type FactorOn = Static<typeof FactorOn>;

const token = {
  id: Id,
  name: Type.String({ description: 'stands in the audit as token:NAME' }),
  scopes: ListOf(OneOf(SCOPES)),
  unitId: OrNull(Type.String()),
  state: OneOf(TOKEN_STATES),
  createdAt: Timestamp,
  createdBy: Type.String(),
  expiresAt: Timestamp,
  lastUsedAt: OrNull(Timestamp, { description: 'to the minute' }),
  revokedAt: OrNull(Timestamp),
};

/** With which another program uses the API. */
export const ApiToken = Named('ApiToken', token);
export type ApiToken = Static<typeof ApiToken>;
export const ApiTokenList = AllOf('ApiTokenList', ApiToken);

export const ApiTokenMade = Named('ApiTokenMade', {
  token: Type.String({ description: 'the token itself, shown this once' }),
  ...token,
});
export type ApiTokenMade = Static<typeof ApiTokenMade>;

export const TOKEN_NAME = '^[a-z0-9][a-z0-9._-]{0,62}$';

export const NewToken = Named(
  'NewToken',
  {
    name: Type.String({ pattern: TOKEN_NAME, description: 'stands in the audit as token:NAME' }),
    scopes: ListOf(OneOf(SCOPES), { minItems: 1, maxItems: SCOPES.length }),
    expiresAt: Type.Unsafe<string>({ ...Instant, description: 'RFC 3339, within the next five years' }),
    unitId: Type.Optional(
      Type.String({ maxLength: 63, description: 'sees and moves the tickets of this unit only' }),
    ),
  },
  { additionalProperties: false },
);
export type NewToken = Static<typeof NewToken>;

/** To a box that is paired: sealed with the secret of its code. */
export const Sealed = Named('Sealed', { sealed: Type.String() });
export type Sealed = Static<typeof Sealed>;

export const Certificate = Named('Certificate', { certificate: Type.String({ description: 'PEM' }) });
export type Certificate = Static<typeof Certificate>;

export const NewPairing = Named('NewPairing', {
  site: Slug,
  agent: Slug,
  gateway: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s@?#]+$',
      maxLength: 2048,
      description: 'where the box reaches this gateway; left out, the address of the console',
    }),
  ),
});
export type NewPairing = Static<typeof NewPairing>;

export const PairingMade = Named('PairingMade', {
  code: Type.String({ description: 'for `roadwatch-agent init` or `pair`, once' }),
  expiresAt: Timestamp,
});
export type PairingMade = Static<typeof PairingMade>;

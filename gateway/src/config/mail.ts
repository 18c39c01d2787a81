/** What the configuration says of e-mail: the server that takes it, and to whom a unit's goes. */
import { type Credentials, type ReadFile, Secret, SecretText, secretOf } from '@roadwatch/common';
import { type Static, Type } from 'typebox';

const ADDRESS = "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?";
/** RFC 5321 4.1.2 without quoted local parts; nothing in it can end a header or begin another address. */
export const Address = Type.String({
  pattern: `^${ADDRESS}$`,
  maxLength: 254,
  description: 'an e-mail address, such as repairs@bureau.example.org',
});
const SENDER = `^(?:[^<>"\\r\\n\\u0000-\\u001f]{1,100} <${ADDRESS}>|${ADDRESS})$`;
export const MAIL_ADDRESS = new RegExp(`^${ADDRESS}$`);
export const MAIL_SENDER = new RegExp(SENDER);
const Sender = Type.String({
  pattern: SENDER,
  maxLength: 360,
  description: 'an e-mail address, or Name <address>',
});
const Path = Type.String({ minLength: 1, maxLength: 4096, description: 'a path' });

export const SmtpSection = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 255, description: 'a host name or address' }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
    security: Type.Union([Type.Literal('starttls'), Type.Literal('tls'), Type.Literal('none')], {
      default: 'starttls',
    }),
    caFile: Type.Optional(Path),
    from: Sender,
    user: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    password: Type.Optional(SecretText),
    passwordFile: Type.Optional(Path),
    passwordEnv: Type.Optional(
      Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,127}$', description: 'the name of a variable' }),
    ),
  },
  { additionalProperties: false },
);

export const MailSection = Type.Object(
  {
    to: Type.Array(Address, { minItems: 1, maxItems: 20, uniqueItems: true }),
    from: Type.Optional(Sender),
  },
  { additionalProperties: false },
);

export type MailTarget = Static<typeof MailSection>;

/** RFC 6409 (submission) and RFC 8314 3.3 (implicit TLS) name the ports. */
const PORTS = { starttls: 587, tls: 465, none: 25 } as const;

export interface Smtp {
  readonly host: string;
  readonly port: number;
  readonly security: keyof typeof PORTS;
  readonly ca?: string;
  readonly from: string;
  readonly login?: Credentials;
}

export function resolveSmtp(section: Static<typeof SmtpSection>, read: ReadFile, problems: string[]): Smtp {
  const { host, security, from, user, caFile } = section;
  const password = secretOf('smtp', 'password', section, read, problems);
  const ca = read('smtp.caFile', caFile);
  if ((user === undefined) !== (password === undefined))
    problems.push('smtp: give user and a password together, or neither');
  if (user !== undefined && security === 'none' && !isLoopback(host))
    problems.push('smtp.security: none would send the password in the clear; expected starttls or tls');
  return {
    host,
    port: section.port ?? PORTS[security],
    security,
    from,
    ...(ca === undefined ? {} : { ca }),
    ...(user === undefined || password === undefined
      ? {}
      : { login: { username: user, password: new Secret(password) } }),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

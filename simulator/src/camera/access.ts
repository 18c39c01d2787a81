/** Whom a camera lets in, how it asks for the login and for how long it keeps a session, as data: scenario files, lists, the command line and the library share it. */
import { readFile } from 'node:fs/promises';
import { type Static, Type } from 'typebox';

/** Basic (RFC 7617); Digest with MD5 and no qop, as older cameras do it (RFC 2069); Digest with SHA-256 (RFC 7616). */
export const LOGIN_SCHEMES = ['basic', 'digest-md5', 'digest-sha256'] as const;
export type LoginScheme = (typeof LOGIN_SCHEMES)[number];

export const NONCE_SECONDS = { minimum: 1, maximum: 86_400, default: 300 } as const;

/** What RFC 2326 12.37 has by default, and what cameras have been seen with. */
export const SESSION_SECONDS = { minimum: 2, maximum: 3600, default: 60 } as const;

/** What a client must know to be let in. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export const Login = Type.Object(
  {
    schemes: Type.Optional(
      Type.Array(
        Type.Union([Type.Literal('basic'), Type.Literal('digest-md5'), Type.Literal('digest-sha256')]),
        {
          minItems: 1,
          maxItems: LOGIN_SCHEMES.length,
          uniqueItems: true,
          default: ['digest-md5'],
          description: 'what is offered, each in a WWW-Authenticate header of its own, in this order',
        },
      ),
    ),
    nonceSeconds: Type.Optional(
      Type.Number({
        ...NONCE_SECONDS,
        description: 'after so long a nonce is answered with stale=true and a new one',
      }),
    ),
  },
  { description: 'how the login is asked for', additionalProperties: false },
);
export type Login = Static<typeof Login>;

/** What is asked for, and in whose name. */
export interface LoginTerms extends Required<Login> {
  readonly realm: string;
  /** Says `stale="FALSE"` of a nonce that is new. */
  readonly saysFresh: boolean;
}

export const DEFAULT_LOGIN: Required<Login> = {
  schemes: ['digest-md5'],
  nonceSeconds: NONCE_SECONDS.default,
};

export interface CameraAccess {
  readonly credentials?: Credentials;
  /** How it asks for the credentials. Default: Digest with MD5, and nonces that last five minutes. */
  readonly login?: Login;
  /** A session that shows no sign of life for so long is over; the Session header says it. Default: 60. */
  readonly sessionSeconds?: number;
}

/** What of it is said, so that it can be laid over other. */
export function accessOf({
  credentials,
  login,
  sessionSeconds,
}: { readonly [Key in keyof CameraAccess]: CameraAccess[Key] | undefined }): CameraAccess {
  return {
    ...(credentials && { credentials }),
    ...(login && { login }),
    ...(sessionSeconds !== undefined && { sessionSeconds }),
  };
}

/** The same in a file. @param kind of the file, to which the password's lies relative */
export const accessFields = (kind: string) => ({
  user: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'asks for a login' })),
  passwordFile: Type.Optional(Type.String({ minLength: 1, description: `relative to the ${kind}` })),
  login: Type.Optional(Login),
  sessionSeconds: Type.Optional(
    Type.Integer({
      ...SESSION_SECONDS,
      description: 'without a sign of life a session is over after so long',
    }),
  ),
});

/** The password that a file holds. @param field what named the file @throws Error that names the field */
export async function passwordIn(file: string, field: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new Error(`${field}: ${error.message}`);
  });
  const password = text.trimEnd();
  if (password === '') throw new Error(`${field}: ${file} is empty`);
  return password;
}

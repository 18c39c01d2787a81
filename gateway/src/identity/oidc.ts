/**
 * Signing in at the organisation's own identity provider: OpenID Connect Core 1.0, authorization code flow (3.1) with PKCE
 * (RFC 7636). Who somebody is and what they may do then comes from there, at every login anew.
 */
import type { Role } from '@roadwatch/contract/api';
import * as client from 'openid-client';
import type { OidcConfig } from '../config/oidc.ts';
import { boundedFetch } from '../foreign/bounded-text.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import { claimAt, textsOf, usernamesOf } from './claims.ts';
import { NO_PASSWORD } from './password.ts';
import { newUser, signOutEverywhere, type User, userOf } from './users.ts';

const TIMEOUT_S = 10;
/** Of the provider's description of itself, its keys, tokens and what it says of a person. */
const MAX_DOCUMENT_BYTES = 256 * 1024;
const CHANNEL = 'oidc';

/** What the browser keeps between its two visits, so that the answer belongs to its own question. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Identity {
  /** Unique and never reused among all providers: issuer and `sub` (OpenID Connect Core, 5.7). */
  readonly subject: string;
  /** What the person may be called here, the first that nobody else is called by. */
  readonly usernames: readonly string[];
  readonly role: Role;
  readonly unitId: string | null;
}

export class IdentityProvider {
  readonly #config: OidcConfig;
  #found: Promise<client.Configuration> | null = null;

  constructor(config: OidcConfig) {
    this.#config = config;
  }

  /** Where the browser goes next. Throws when the provider cannot be reached. */
  async begin(redirectUri: string): Promise<{ readonly url: string; readonly attempt: Attempt }> {
    const attempt = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(await this.#provider(), {
      redirect_uri: redirectUri,
      scope: this.#config.scope,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, attempt };
  }

  /** `callback`: the address to which the provider sent the browser back. Throws Refusal, or what went wrong on the way. */
  async finish(callback: URL, { state, nonce, verifier }: Attempt): Promise<Identity> {
    const provider = await this.#provider();
    const tokens = await client.authorizationCodeGrant(provider, callback, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims() as client.IDToken;
    const { roleClaim, usernameClaim } = this.#config;
    const complete = [roleClaim, usernameClaim].every((name) => claimAt(claims, name) !== undefined);
    if (complete || provider.serverMetadata().userinfo_endpoint === undefined)
      return identityOf(claims, this.#config);
    const more = await client.fetchUserInfo(provider, tokens.access_token, claims.sub);
    return identityOf({ ...more, ...claims }, this.#config);
  }

  /** Asked for once it is needed, so that the gateway starts without it; again when that failed. */
  #provider(): Promise<client.Configuration> {
    this.#found ??= this.#discover().catch((error: unknown) => {
      this.#found = null;
      throw error;
    });
    return this.#found;
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#config;
    // The configuration allows http:// on this machine only.
    const insecure = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
    return client.discovery(
      new URL(issuer),
      clientId,
      clientSecret?.reveal(),
      authentication(clientSecret?.reveal()),
      {
        execute: [client.enableNonRepudiationChecks, ...insecure],
        timeout: TIMEOUT_S,
        [client.customFetch]: boundedFetch(MAX_DOCUMENT_BYTES) as client.CustomFetch,
      },
    );
  }
}

/** As the provider says that it takes it; `client_secret_basic` is what every provider takes that says nothing. */
function authentication(secret: string | undefined): client.ClientAuth {
  if (secret === undefined) return client.None();
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const by = methods.includes('client_secret_basic') ? client.ClientSecretBasic : client.ClientSecretPost;
    return by(secret)(server, ...rest);
  };
}

/** Throws Refusal when the person may not come in. */
function identityOf(
  claims: Readonly<Record<string, unknown>>,
  { issuer, usernameClaim, roleClaim, roles }: OidcConfig,
): Identity {
  const names = usernamesOf(claimAt(claims, usernameClaim), `${issuer}#${claims.sub}`);
  if (names === null) throw new Refusal('identity_unnamed', `the claim ${usernameClaim} is no user name`);
  const held = textsOf(claimAt(claims, roleClaim));
  const match = roles.find(({ claim }) => held.includes(claim));
  if (match === undefined)
    throw new Refusal(
      'identity_without_role',
      `${names[0]} has none of the roles that the configuration knows`,
    );
  const person = { subject: `${issuer}#${claims.sub}`, usernames: names };
  return { ...person, role: match.role, unitId: match.unit ?? null };
}

/** The person with the role of now; made when they come for the first time. Throws Refusal. */
/** `source`: the address of the person. */
export async function admit(
  store: Store,
  { subject, usernames, role, unitId }: Identity,
  source?: string,
): Promise<User> {
  return store.transaction(async (tx) => {
    const query = tx.db.selectFrom('users').selectAll();
    const known = await tx.locked(query.where('oidc_subject', '=', subject)).executeTakeFirst();
    if (known !== undefined && known.disabled_at !== null)
      throw new Refusal('user_disabled', `${known.username} is disabled`);
    const username = known?.username ?? (await freeName(tx, usernames));
    const name = `user:${username}`;
    const from = source === undefined ? {} : { source };
    const entry = { actor: name, channel: CHANNEL, ...from, subject: name };
    const after = { role, unit: unitId };
    if (known === undefined) {
      const row = { ...newUser(username, NO_PASSWORD, role, unitId, tx.at), oidc_subject: subject };
      await tx.db.insertInto('users').values(row).execute();
      tx.audit({ ...entry, action: 'user.created', after });
      tx.audit({ ...entry, action: 'login' });
      return userOf(row);
    }
    if (known.role !== role || known.unit_id !== unitId) {
      await tx.db.updateTable('users').set({ role, unit_id: unitId }).where('id', '=', known.id).execute();
      await signOutEverywhere(tx, known.id);
      const before = { role: known.role, unit: known.unit_id };
      tx.audit({ ...entry, action: 'user.saved', before, after });
    }
    tx.audit({ ...entry, action: 'login' });
    return userOf({ ...known, role, unit_id: unitId });
  });
}

/** Throws Refusal when the person would pass for somebody who has a password here. */
async function freeName(tx: Tx, usernames: readonly string[]): Promise<string> {
  const taken = await tx.db
    .selectFrom('users')
    .select(['username', 'oidc_subject'])
    .where('username', 'in', usernames)
    .execute();
  const own = taken.find(({ oidc_subject }) => oidc_subject === null);
  if (own !== undefined)
    throw new Refusal('user_name_taken', `there is another user ${own.username} here already`);
  const free = usernames.find((name) => taken.every(({ username }) => username !== name));
  if (free === undefined)
    throw new Refusal('user_name_taken', `there is another user ${usernames[0]} here already`);
  return free;
}

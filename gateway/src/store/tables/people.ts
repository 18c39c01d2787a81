/** Rows of people and programs, what they come in by, and the audit of what they did. */
import type { Role } from '@roadwatch/contract/api';
import type { Generated } from 'kysely';

export interface UserRow {
  id: string;
  username: string;
  password_hash: string;
  role: Role;
  unit_id: string | null;
  created_at: number;
  disabled_at: number | null;
  /** Of older gateways, as `locked_until`: nobody is locked out any more. Backups have them. */
  failed_logins: Generated<number>;
  locked_until: number | null;
  /** Of somebody whom an identity provider vouches for: issuer#sub. */
  oidc_subject: string | null;
}

export interface SecondFactorRow {
  user_id: string;
  /** Base32 (RFC 4648). */
  secret: string;
  begun_at: number;
  /** Null until a first code was given: it does not count before. */
  confirmed_at: number | null;
  /** The time step of the last code that was taken. */
  last_step: number;
  /** JSON list of SHA-256, of codes that were not used yet. */
  recovery_hashes: string;
  failures: number;
  blocked_until: number | null;
}

export interface SessionRow {
  /** SHA-256 of the cookie's token. */
  token_hash: string;
  user_id: string;
  csrf_token: string;
  created_at: number;
  expires_at: number;
}

export interface ApiTokenRow {
  id: string;
  name: string;
  /** SHA-256 of the token. */
  token_hash: string;
  /** JSON list. */
  scopes: string;
  /** The unit whose tickets alone it is for; null: all. */
  unit_id: string | null;
  created_at: number;
  created_by: string;
  expires_at: number;
  /** To the minute. */
  last_used_at: number | null;
  revoked_at: number | null;
}

export interface AuditRow {
  seq: number;
  at: number;
  actor: string;
  channel: string;
  /** The address that it came from; null for what the gateway or its command line did itself. */
  source: string | null;
  action: string;
  subject: string;
  before: string | null;
  after: string | null;
  previous_hash: string;
  hash: string;
}

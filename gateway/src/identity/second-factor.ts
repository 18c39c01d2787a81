/**
 * A second factor: time-based one-time passwords (TOTP, RFC 6238) from an app on the person's telephone, as the apps expect them
 * (SHA-1, six digits, 30 seconds), and recovery codes for the day on which the telephone is lost.
 */
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { SecondFactorRow } from '../store/tables/people.ts';
import { type Actor, authorOf } from './actor.ts';
import { secretHash } from './secret.ts';

const PERIOD_S = 30;
/** Steps that a telephone's clock may be off, either way (RFC 6238, 5.2). */
const WINDOW = 1;
const RECOVERY_CODES = 10;
/** Only who has the password gets as far as to a wrong code, so this shuts out no one else's victim. */
const FAILURES_BEFORE_BLOCK = 5;
const BLOCK_MS = 15 * 60_000;

export type CodeResult = 'right' | 'wrong' | { readonly blockedForMs: number };

/** Makes a secret that counts once a code of it was given. Returns it and the address that apps read from a QR code. */
export async function beginSecondFactor(
  store: Store,
  { id, username }: { readonly id: string; readonly username: string },
): Promise<{ readonly secret: string; readonly uri: string }> {
  const secret = new Secret({ size: 20 });
  await store.transaction(async (tx) => {
    const known = await factorOf(tx, id);
    if (known?.confirmed_at != null)
      throw new Refusal('second_factor_on', 'there is a second factor already; take it off first');
    const row = {
      user_id: id,
      secret: secret.base32,
      begun_at: tx.at,
      confirmed_at: null,
      last_step: 0,
      recovery_hashes: '[]',
      failures: 0,
      blocked_until: null,
    };
    const { user_id: _, ...fresh } = row;
    await tx.db
      .insertInto('second_factors')
      .values(row)
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet(fresh))
      .execute();
  });
  return { secret: secret.base32, uri: totpOf(secret.base32, username).toString() };
}

/** Switches on what was begun. Returns the recovery codes, which are kept nowhere. Throws Refusal. */
export async function confirmSecondFactor(
  tx: Tx,
  user: { readonly id: string },
  code: string,
  actor: Actor,
): Promise<readonly string[]> {
  const factor = await factorOf(tx, user.id);
  if (factor === undefined || factor.confirmed_at !== null)
    throw new Refusal('second_factor_not_begun', 'no second factor is being set up');
  const step = stepOf(factor, code, tx.at);
  if (step === null) throw new Refusal('factor_code_invalid', 'code: is not the one that the app shows now');
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  await tx.db
    .updateTable('second_factors')
    .set({
      confirmed_at: tx.at,
      last_step: step,
      recovery_hashes: JSON.stringify(codes.map((one) => secretHash(one))),
    })
    .where('user_id', '=', user.id)
    .execute();
  tx.audit({ ...authorOf(actor), action: 'second_factor.on', subject: actor.name });
  return codes;
}

/** Checks a code of the app, or a recovery code; each is taken once (RFC 6238, 5.2). */
export async function checkCode(tx: Tx, userId: string, code: string): Promise<CodeResult> {
  const factor = await factorOf(tx, userId);
  if (factor === undefined || factor.confirmed_at === null) return 'wrong';
  const { blocked_until } = factor;
  if (blocked_until !== null && Number(blocked_until) > tx.at)
    return { blockedForMs: Number(blocked_until) - tx.at };
  const change = (set: Partial<SecondFactorRow>) =>
    tx.db.updateTable('second_factors').set(set).where('user_id', '=', userId).execute();
  const step = stepOf(factor, code, tx.at);
  if (step !== null && step > Number(factor.last_step)) {
    await change({ last_step: step, failures: 0, blocked_until: null });
    return 'right';
  }
  const hashes = JSON.parse(factor.recovery_hashes) as string[];
  const used = secretHash(code.toLowerCase().replace(/[\s-]/g, ''));
  if (hashes.includes(used)) {
    const left = hashes.filter((hash) => hash !== used);
    await change({ recovery_hashes: JSON.stringify(left), failures: 0, blocked_until: null });
    return 'right';
  }
  const failures = Number(factor.failures) + 1;
  const blocked = failures >= FAILURES_BEFORE_BLOCK;
  await change({ failures: blocked ? 0 : failures, blocked_until: blocked ? tx.at + BLOCK_MS : null });
  return 'wrong';
}

/** Returns whether there was one. */
export async function removeSecondFactor(
  tx: Tx,
  user: { readonly id: string; readonly username: string },
  actor: Actor,
): Promise<boolean> {
  const { numDeletedRows } = await tx.db
    .deleteFrom('second_factors')
    .where('user_id', '=', user.id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) return false;
  const subject = `user:${user.username}`;
  tx.audit({ ...authorOf(actor), action: 'second_factor.off', subject });
  return true;
}

async function factorOf(tx: Tx, userId: string): Promise<SecondFactorRow | undefined> {
  const query = tx.db.selectFrom('second_factors').selectAll().where('user_id', '=', userId);
  return tx.locked(query).executeTakeFirst();
}

/** The time step of the code; null when it is none of about now. */
function stepOf({ secret }: Pick<SecondFactorRow, 'secret'>, code: string, at: number): number | null {
  const token = code.replace(/\s/g, '');
  const delta = totpOf(secret, '').validate({ token, timestamp: at, window: WINDOW });
  return delta === null ? null : Math.floor(at / 1000 / PERIOD_S) + delta;
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({
    issuer: 'Roadwatch',
    label: label || 'account',
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  });
}

/** 80 random bits, so that one round of SHA-256 keeps them; shown in groups by whoever shows them. */
function newRecoveryCode(): string {
  return randomBytes(10).toString('hex');
}

/**
 * Browsers in which somebody has signed in before hold a random token, the store its hash: strangers who guess at a name slow
 * nobody down who sits at one of them (OWASP, "Device cookies").
 */
import type { Store, Tx } from '../store/database.ts';
import { newSecret, secretHash } from './secret.ts';

export const KNOWN_BROWSER_MS = 180 * 86_400_000;
const BROWSERS_OF_ONE = 10;

/** What to know the browser by, if it is one of that person's; null: a stranger's. */
export async function findBrowser(
  store: Store,
  token: string | undefined,
  userId: string | undefined,
): Promise<string | null> {
  if (token === undefined || userId === undefined) return null;
  const hash = secretHash(token);
  const row = await store.db
    .selectFrom('known_browsers')
    .select('token_hash')
    .where('token_hash', '=', hash)
    .where('user_id', '=', userId)
    .where('used_at', '>', store.now() - KNOWN_BROWSER_MS)
    .executeTakeFirst();
  return row?.token_hash ?? null;
}

/** Remembers the browser for this person; one that is known already by the same token. Those unused for longest are forgotten. */
export async function rememberBrowser(tx: Tx, userId: string, known: string | null): Promise<string | null> {
  if (known !== null) {
    await tx.db
      .updateTable('known_browsers')
      .set({ used_at: tx.at })
      .where('token_hash', '=', known)
      .execute();
    return null;
  }
  const token = newSecret();
  const row = { token_hash: secretHash(token), user_id: userId, used_at: tx.at };
  await tx.db.insertInto('known_browsers').values(row).execute();
  const kept = await tx.db
    .selectFrom('known_browsers')
    .select('token_hash')
    .where('user_id', '=', userId)
    .orderBy('used_at', 'desc')
    .limit(BROWSERS_OF_ONE)
    .execute();
  await tx.db
    .deleteFrom('known_browsers')
    .where('user_id', '=', userId)
    .where(
      'token_hash',
      'not in',
      kept.map(({ token_hash }) => token_hash),
    )
    .execute();
  return token;
}

export async function forgetBrowsers(tx: Tx, userId: string): Promise<void> {
  await tx.db.deleteFrom('known_browsers').where('user_id', '=', userId).execute();
}

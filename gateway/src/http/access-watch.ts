/**
 * A stream, a live view, a download or an upload goes on for minutes or hours after it was allowed. It ends with what allowed it:
 * the logout, a new password, a token that is revoked or expires, a person who is disabled or gets another role, a crew's link that
 * is ended; whoever did it, here, by the command line or in another gateway.
 */
import { OutageLog } from '@roadwatch/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findSession } from '../identity/sessions.ts';
import { findToken, userOfToken } from '../identity/tokens.ts';
import type { User } from '../identity/users.ts';
import type { Store } from '../store/database.ts';
import type { Access } from './access.ts';
import { bearerOf, SESSION_COOKIE, userOfRequest } from './guard.ts';
import type { GatewayParts } from './route-context.ts';

/** What ends without being told, by its time or by another's hand in the store, is noticed this late at most. */
const LOOK_MS = 1_000;

type Watching = Pick<GatewayParts, 'changes' | 'log'>;

/** Calls `end` once the request would be refused; returns how to stop looking. */
export function endWithAccess(
  parts: Watching & Pick<GatewayParts, 'store'>,
  request: FastifyRequest,
  end: () => void,
): () => void {
  const access = request.routeOptions.config.access ?? [];
  const { unitId } = userOfRequest(request);
  return endUnless(parts, () => isAllowed(parts.store, request, access, unitId), end);
}

/** For an answer that is sent as it is read: what is not sent by then is not sent. */
export function cutWithAccess(
  parts: Watching & Pick<GatewayParts, 'store'>,
  request: FastifyRequest,
  { raw }: FastifyReply,
): void {
  const stopLooking = endWithAccess(parts, request, () => raw.destroy());
  raw.on('close', stopLooking);
}

/** Calls `end` once when `isAllowed` says no; returns how to stop looking. */
export function endUnless(
  { changes, log }: Watching,
  isAllowed: () => Promise<boolean>,
  end: () => void,
): () => void {
  let looking = false;
  // A store that is away says nothing of who may.
  const outage = new OutageLog(log, { failed: 'access not looked up' });
  let over = false;
  const look = async (): Promise<void> => {
    if (looking || over) return;
    looking = true;
    try {
      const allowed = await isAllowed();
      outage.works();
      if (allowed || over) return;
      stop();
      end();
    } catch (error) {
      outage.failed((error as Error).message);
    } finally {
      looking = false;
    }
  };
  const stopListening = changes.listen(({ kind }) => {
    if (kind === 'access') void look();
  });
  const timer = setInterval(look, LOOK_MS);
  const stop = (): void => {
    over = true;
    stopListening();
    clearInterval(timer);
  };
  return stop;
}

/** Whoever has gone to another unit asks anew. */
async function isAllowed(
  store: Store,
  request: FastifyRequest,
  access: Access,
  unitId: string | null,
): Promise<boolean> {
  const user = await userNow(store, request);
  return user !== null && access !== 'public' && access.includes(user.role) && user.unitId === unitId;
}

async function userNow(store: Store, request: FastifyRequest): Promise<User | null> {
  if (request.token === null)
    return (await findSession(store, request.cookies[SESSION_COOKIE] ?? ''))?.user ?? null;
  const token = await findToken(store, bearerOf(request) ?? '');
  return 'code' in token ? null : userOfToken(token);
}

/** Whoever needs a second factor and has none yet can do nothing but set one up. */
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import type { Session } from '../identity/sessions.ts';
import { Refusal } from '../refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Open to somebody who has yet to set up a second factor. */
    beforeSecondFactor?: boolean;
  }
}

export function needsSecondFactor({ login }: Pick<Config, 'login'>, session: Session): boolean {
  return session.local && !session.secondFactor && login.requireSecondFactor.includes(session.user.role);
}

/** To be registered after what finds the session. */
export function secondFactorFirst(
  server: Pick<FastifyInstance, 'addHook'>,
  config: Pick<Config, 'login'>,
): void {
  server.addHook('onRequest', async ({ session, routeOptions }) => {
    const { access, beforeSecondFactor = false } = routeOptions.config;
    // Routes that were there before the guard, such as the API's description, know of no session at all.
    if (!session || access === 'public' || beforeSecondFactor) return;
    if (needsSecondFactor(config, session))
      throw new Refusal('second_factor_first', 'set up a second factor first: your role needs one here');
  });
}

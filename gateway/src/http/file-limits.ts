/**
 * How often files of releases are handed out. Boxes of a street share an address, so what counts is which box has proven to be there; by
 * the address only those are counted who have not.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { boxOfRequest } from '../agents/file-login.ts';
import { formatAgentName } from '../cameras/source.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';

const MINUTE_MS = 60_000;
/** A box on a bad line begins a file anew each time that the line ends. */
const OF_A_BOX = 240;
/** A right login is let in however many wrong ones come from its address, for proving it is cheap; the wrong ones wait. */
const WRONG_OF_AN_ADDRESS = 60;
/** All that comes from an address, before anything is proven: a hundred boxes at their own limit. */
export const FILES_OF_ALL = { max: 24_000, timeWindow: MINUTE_MS };

type Limit = ReturnType<FastifyInstance['createRateLimit']>;

/** Settles when the box may have the file with this SHA-256. Rejects with Refusal. */
export function fileLimits(
  server: Pick<FastifyInstance, 'createRateLimit'>,
  store: Store,
): (request: FastifyRequest, sha256: string) => Promise<void> {
  const boxes = new WeakMap<FastifyRequest, string>();
  const ofAddress = server.createRateLimit({ max: WRONG_OF_AN_ADDRESS, timeWindow: MINUTE_MS });
  const ofBox = server.createRateLimit({
    max: OF_A_BOX,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => boxes.get(request) as string,
  });
  return async (request, sha256) => {
    try {
      const box = await boxOfRequest(store, request.headers.authorization, sha256);
      boxes.set(request, formatAgentName(box));
    } catch (error) {
      if (error instanceof Refusal)
        await count(ofAddress, request, 'too many wrong logins of boxes from this address');
      throw error;
    }
    await count(ofBox, request, 'this box has asked for too many files');
  };
}

async function count(limit: Limit, request: FastifyRequest, sentence: string): Promise<void> {
  const counted = await limit(request);
  if (counted.isAllowed || !counted.isExceeded) return;
  const seconds = Math.max(1, counted.ttlInSeconds);
  throw new Refusal('requests_many', `${sentence}; again in ${seconds} s`, seconds);
}

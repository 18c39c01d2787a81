/** `Idempotency-Key`: a command that is sent again because its answer was lost is answered again, and not carried out again. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { once, underWay } from '../idempotency/once.ts';
import type { Store, Tx } from '../store/database.ts';
import { actorOf } from './guard.ts';

/** The draft has a structured field, a text in quotation marks (RFC 9651, 3.3.3); most programs leave them out. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern:
        '^(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")$',
      description:
        'a UUID made for this command: sent again with it within 24 hours, it is answered as before',
    }),
  ),
});

type Asking = Pick<FastifyRequest, 'method' | 'url' | 'body' | 'headers' | 'session' | 'token' | 'ip'>;

/** For the commands of some routes: does the work in one transaction, once for each key. */
export function commands(store: Store): <T>(request: Asking, work: (tx: Tx) => Promise<T>) => Promise<T> {
  const underWayHere = new Set<string>();
  return async (request, work) => {
    const key = String(request.headers['idempotency-key'] ?? '')
      .replaceAll('"', '')
      .toLowerCase();
    if (key === '') return store.transaction(work);
    const { name: by } = actorOf(request);
    // The store's one writer would let it wait; several gateways see it in the store.
    const name = `${by} ${key}`;
    if (underWayHere.has(name)) throw underWay();
    underWayHere.add(name);
    try {
      const asked = JSON.stringify([request.method, request.url, request.body ?? null]);
      return await once(store, { by, key, request: asked }, work);
    } finally {
      underWayHere.delete(name);
    }
  };
}

/**
 * Lists that a browser asks for again and again: one that has not changed since is answered by its tag alone (RFC 9110, 13.1.2). The
 * tag is weak, since compressed and plain are one list; and the browser keeps the answer for this person and asks each time.
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** For the options of a route that answers with JSON. */
export const REVALIDATED = {
  onSend: async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    if (reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    const etag = `W/"${createHash('sha256').update(payload).digest('base64url')}"`;
    reply.headers({ etag, 'cache-control': 'private, no-cache' });
    if (request.headers['if-none-match'] !== etag) return payload;
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    return null;
  },
} as const;

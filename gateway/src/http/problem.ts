/** Problem documents (RFC 9457): the form of every refusal of the interface. */
import { STATUS_CODES } from 'node:http';
import type { Problem } from '@roadwatch/contract/api';
import { type ProblemCode, statusOfProblem } from '@roadwatch/contract/codes';
import type { FastifyReply } from 'fastify';

/** `detail`: a sentence for the person who asked; `code` says the same to programs. */
export function problem(
  reply: FastifyReply,
  code: ProblemCode,
  detail: string,
  more: Pick<Problem, 'fields' | 'held'> = {},
) {
  const status = statusOfProblem(code);
  const body: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    ...more,
  };
  return reply.code(status).type('application/problem+json').send(body);
}

const OTHERS: Readonly<Record<number, ProblemCode>> = {
  404: 'nothing_here',
  408: 'body_late',
  413: 'body_too_large',
  415: 'type_not_taken',
  429: 'requests_many',
};

/** Of a refusal by the server itself or a plugin of it. */
export function codeOfStatus(status: number): ProblemCode {
  return OTHERS[status] ?? (status < 500 ? 'request_malformed' : 'failed');
}

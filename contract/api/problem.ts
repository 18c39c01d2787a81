/** What every route answers when it cannot do what was asked (RFC 9457). */
import { type Static, Type } from 'typebox';
import { PROBLEM_TEXTS, type ProblemCode } from '../codes/index.ts';
import { Named, OneOf } from './shapes.ts';

const CODES = Object.keys(PROBLEM_TEXTS) as ProblemCode[];

export const Problem = Named('Problem', {
  type: Type.String({ description: 'about:blank: `code` says more than a kind of problem would' }),
  title: Type.String({ description: 'of the status' }),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  detail: Type.String({ description: 'a sentence for the person who asked' }),
  code: OneOf(CODES, 'the same for programs'),
});
export type Problem = Static<typeof Problem>;

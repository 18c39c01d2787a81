/** What every route answers when it cannot do what was asked (RFC 9457). */
import { type Static, Type } from 'typebox';
import { PROBLEM_TEXTS, type ProblemCode } from '../codes/index.ts';
import { Timestamp } from '../ids.ts';
import { ListOf, Named, OneOf } from './shapes.ts';

const CODES = Object.keys(PROBLEM_TEXTS) as ProblemCode[];

/** What is wrong with one field of what was sent, to stand beside it. */
export const FieldProblem = Type.Object({
  path: Type.String({ description: 'such as hours.0, or units.north.channel.url' }),
  en: Type.String(),
  zh: Type.String(),
});
export type FieldProblem = Static<typeof FieldProblem>;

export const Problem = Named('Problem', {
  type: Type.String({ description: 'about:blank: `code` says more than a kind of problem would' }),
  title: Type.String({ description: 'of the status' }),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  detail: Type.String({ description: 'a sentence for the person who asked' }),
  code: OneOf(CODES, 'the same for programs'),
  fields: Type.Optional(ListOf(FieldProblem, { description: 'each field that is not as it must be' })),
  held: Type.Optional(
    Type.Object(
      { by: Type.String({ description: 'as the audit names them' }), until: Timestamp },
      { description: 'who has what was asked for (alert_held), and until when unless they renew it' },
    ),
  ),
});
export type Problem = Static<typeof Problem>;

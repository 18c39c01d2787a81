/**
 * One vocabulary for machines: why something was refused (in problem documents, acknowledgements, replies, the audit and the labels of
 * metrics), what a box lacks or cannot send, and what was done (in the audit), each with the sentence that people read in their language. A word is never given another
 * meaning; new ones are added, and who does not know one shows the sentence that came beside it.
 */
import type { BilingualText } from '../damage-class.ts';
import { AUDIT_ACTIONS } from './actions.ts';
import { CAMERA_CARES, CAMERA_FAULTS } from './cameras.ts';
import { DELIVERY_FAILURES } from './deliveries.ts';
import { BROKER_REFUSALS, MESSAGE_REFUSALS } from './messages.ts';
import { MISSING_EVIDENCE } from './missing.ts';
import { REFUSALS_BY_STATUS, type RefusalCode } from './refusals.ts';
import { REPLY_REFUSALS, type ReplyCode } from './replies.ts';
import { SCENE_UNCLEAR } from './scene.ts';
import { AGENT_TROUBLES } from './troubles.ts';
import { UPDATE_CODES } from './updates.ts';

export * from './actions.ts';
export * from './cameras.ts';
export * from './deliveries.ts';
export * from './figures.ts';
export * from './messages.ts';
export * from './missing.ts';
export * from './refusals.ts';
export * from './replies.ts';
export * from './scene.ts';
export * from './ticket-states.ts';
export * from './troubles.ts';
export * from './updates.ts';

const refusals = Object.assign({}, ...Object.values(REFUSALS_BY_STATUS)) as Readonly<
  Record<RefusalCode, BilingualText>
>;

/** Of problem documents. What an agent answers to somebody who waits for it comes as it is. */
export const PROBLEM_TEXTS: Readonly<Record<ProblemCode, BilingualText>> = {
  ...refusals,
  ...REPLY_REFUSALS,
};
export type ProblemCode = RefusalCode | ReplyCode;

export const CODE_TEXTS = {
  ...PROBLEM_TEXTS,
  ...MESSAGE_REFUSALS,
  ...BROKER_REFUSALS,
  ...DELIVERY_FAILURES,
  ...MISSING_EVIDENCE,
  ...SCENE_UNCLEAR,
  ...AGENT_TROUBLES,
  ...UPDATE_CODES,
  ...CAMERA_FAULTS,
  ...CAMERA_CARES,
  ...AUDIT_ACTIONS,
} as const;

const STATUS_OF = new Map<string, number>(
  Object.entries(REFUSALS_BY_STATUS).flatMap(([status, codes]) =>
    Object.keys(codes).map((code) => [code, Number(status)] as const),
  ),
);

/** The HTTP status of a problem; of an agent's refusal 503. */
export function statusOfProblem(code: ProblemCode): number {
  return STATUS_OF.get(code) ?? 503;
}

/** Bytes from the wire into typed values, once, with a reason a person can act on when they do not fit. */
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Ack } from './ack.ts';
import type { MessageCode } from './codes/index.ts';
import { Command, Reply } from './command.ts';
import { Detection } from './detection.ts';
import { Id, Sha256, Slug, Timestamp } from './ids.ts';
import { AgentStatus, CameraState } from './status.ts';
import { WIRE_VERSION } from './version.ts';

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: MessageCode; readonly reason: string };

const decoder = new TextDecoder('utf-8', { fatal: true });

const validators = new WeakMap<TSchema, ReturnType<typeof Compile>>();

/** Compiled once: to compile costs milliseconds, and whoever sends what is invalid must not make us do it each time. */
function validatorOf(schema: TSchema): ReturnType<typeof Compile> {
  const known = validators.get(schema) ?? Compile(schema);
  validators.set(schema, known);
  return known;
}

function parser<T>(schema: TSchema): (payload: Uint8Array) => Parsed<T> {
  const check = validatorOf(schema);
  return (payload) => {
    let value: unknown;
    try {
      value = JSON.parse(decoder.decode(payload));
    } catch (error) {
      return {
        ok: false,
        code: 'message_not_json',
        reason: `not valid JSON in UTF-8: ${(error as Error).message}`,
      };
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { ok: false, code: 'message_not_object', reason: 'expected a JSON object' };
    }
    if ((value as { v?: unknown }).v !== WIRE_VERSION) {
      const got = JSON.stringify((value as { v?: unknown }).v) ?? 'none';
      return {
        ok: false,
        code: 'version_unknown',
        reason: `v: unknown wire version ${got.slice(0, 40)}, this side speaks ${WIRE_VERSION}`,
      };
    }
    if (check.Check(value)) return { ok: true, value: value as T };
    return { ok: false, code: 'message_fields_invalid', reason: describeErrors(schema, value) };
  };
}

const PATTERNS: ReadonlyMap<string, string> = new Map(
  ([Timestamp, Id, Slug, Sha256] as { pattern?: string; description?: string }[]).map((schema) => [
    schema.pattern ?? '',
    `expected ${schema.description}`,
  ]),
);

/** Names each field that does not fit, what it must be, and what it was: `box/0: must be <= 1, got 3`. At most five. */
export function describeErrors(schema: TSchema, value: unknown): string {
  const lines = new Set<string>();
  for (const error of validatorOf(schema).Errors(value)) {
    const field = error.instancePath.slice(1).replaceAll('~1', '/').replaceAll('~0', '~') || '(message)';
    const got = JSON.stringify(valueAt(value, error.instancePath)) ?? 'nothing';
    lines.add(`${field}: ${wantedOf(error)}, got ${got.length > 60 ? `${got.slice(0, 60)}…` : got}`);
    if (lines.size === 5) break;
  }
  return [...lines].join('; ') || 'does not fit the schema';
}

/** A pattern says nothing to a person; what it stands for does. */
function wantedOf({ message, params }: { readonly message: string; readonly params: object }): string {
  const pattern = 'pattern' in params ? String(params.pattern) : '';
  return PATTERNS.get(pattern) ?? message;
}

function valueAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const part of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return at;
}

export const parseDetection = parser<Detection>(Detection);
export const parseAgentStatus = parser<AgentStatus>(AgentStatus);
export const parseCameraState = parser<CameraState>(CameraState);
export const parseAck = parser<Ack>(Ack);
export const parseCommand = parser<Command>(Command);
export const parseReply = parser<Reply>(Reply);

/** The schema of each kind of JSON message, for printing and for tests. */
export const MESSAGE_SCHEMAS = { Detection, AgentStatus, CameraState, Ack, Command, Reply } as const;

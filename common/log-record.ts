/**
 * Lines of a log as collectors of OpenTelemetry want them: the fields of its log data model that the plain line lacks. `time` (UTC, ISO
 * 8601) is its Timestamp and `msg` its Body already.
 */
import { hostname } from 'node:os';
import type { Say } from './log.ts';
import { redactText } from './redact.ts';

/** What writes, as the semantic conventions of a resource name it. */
export interface Service {
  readonly name: string;
  readonly version: string;
  /** Which of those with this name; left out, the name of the machine. */
  readonly instance?: string;
}

/** Options for pino. */
export interface LogRecordOptions {
  readonly base: Readonly<Record<string, string>>;
  readonly formatters: { level(label: string, level: number): object };
  timestamp(): string;
}

/** With its causes; a journal takes 48 KiB a line. */
const MAX_STACK = 8 * 1024;
const MAX_MESSAGE = 2 * 1024;
const MAX_CAUSES = 4;

export function logRecordOptions({ name, version, instance = hostname() }: Service): LogRecordOptions {
  return {
    base: { 'service.name': name, 'service.version': version, 'service.instance.id': instance },
    formatters: {
      level: (label, level) => ({
        level,
        SeverityText: label.toUpperCase(),
        SeverityNumber: severityNumber(level),
      }),
    },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  };
}

/** pino has 10 from level to level, OpenTelemetry 4, beginning with 1. */
function severityNumber(level: number): number {
  return Math.min(24, Math.max(1, Math.floor(((level - 10) / 10) * 4) + 1));
}

/**
 * Fields of a line about something that was not foreseen: the reason as a person reads it, and the exception by the semantic conventions.
 * Addresses and what opens something are shown as `redactText` shows them.
 */
export function thrown(error: unknown): Readonly<Record<string, string>> {
  const { name, message, stack } = describeThrown(error);
  return {
    reason: message,
    'exception.type': name,
    'exception.message': message,
    ...(stack === '' ? {} : { 'exception.stacktrace': stack }),
  };
}

/**
 * What nobody caught ends the program, as it would without this, but in one line of the log. The text that Node writes instead is no
 * JSON, and has the message as it is.
 */
export function logUncaught(log: { readonly fatal: Say }): void {
  process.once('uncaughtException', (error: unknown) => {
    log.fatal(thrown(error), 'ends by an error that nothing caught');
    process.exit(1);
  });
}

function describeThrown(error: unknown): {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
} {
  if (!(error instanceof Error))
    return { name: typeof error, message: shown(String(error), MAX_MESSAGE), stack: '' };
  const stacks = [...causesOf(error)].map((cause) => cause.stack ?? `${cause.name}: ${cause.message}`);
  // With the scheme before it the place in a file is taken for an address, of which the end is left out.
  const stack = stacks.join('\nCaused by: ').replaceAll('file:///', '/');
  return {
    name: error.name === 'Error' ? error.constructor.name : error.name,
    message: shown(error.message, MAX_MESSAGE),
    stack: shown(stack, MAX_STACK),
  };
}

/** Cut before it is looked through, for that takes longer than in proportion. */
function shown(text: string, maxLength: number): string {
  return redactText(text.slice(0, maxLength));
}

function* causesOf(error: Error): Generator<Error> {
  let cause: unknown = error;
  for (let depth = 0; depth < MAX_CAUSES && cause instanceof Error; depth++) {
    yield cause;
    cause = cause.cause;
  }
}

/**
 * Holds every answer of a gateway under test against what its route declares: the status, the type, and of JSON every field, so that
 * neither an answer nor its schema can have something that the other lacks.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

interface Answer {
  readonly type?: string;
  readonly content?: Readonly<Record<string, { readonly schema: TSchema }>>;
}

/** Must be called before the routes are registered. What does not fit is added to `problems`, a sentence each. */
export function checkAnswers(server: Pick<FastifyInstance, 'addHook'>, problems: string[]): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (request.is404 || request.method === 'HEAD') return payload;
    const problem = problemOf(
      request,
      reply.statusCode,
      String(reply.getHeader('content-type') ?? ''),
      payload,
    );
    if (problem !== null)
      problems.push(`${request.method} ${request.routeOptions.url} ${reply.statusCode}: ${problem}`);
    return payload;
  });
}

function problemOf(
  { routeOptions }: FastifyRequest,
  status: number,
  contentType: string,
  payload: unknown,
): string | null {
  const { response, hide } = (routeOptions.schema ?? {}) as {
    response?: Readonly<Record<string, Answer>>;
    hide?: boolean;
  };
  if (hide || response === undefined) return null;
  const declared = response[status];
  if (declared === undefined) return `is not declared; ${Object.keys(response).join(', ')} are`;
  if (declared.content === undefined)
    return payload === undefined || payload === null || payload === ''
      ? null
      : 'has a body, but declares none';
  const type = contentType.split(';')[0] as string;
  const schema = declared.content[type]?.schema;
  if (schema === undefined)
    return `is ${type || 'of no type'}; expected ${Object.keys(declared.content).join(', ')}`;
  if (!type.endsWith('json') || typeof payload !== 'string') return null;
  const value: unknown = JSON.parse(payload);
  const check = closed(schema);
  if (check.Check(value)) return null;
  const [first] = check.Errors(value);
  return `${first?.instancePath || '(body)'} ${first?.message}: ${payload.slice(0, 300)}`;
}

const compiled = new WeakMap<TSchema, ReturnType<typeof Compile>>();

/** The schema, with nothing beside what it names. */
function closed(schema: TSchema): ReturnType<typeof Compile> {
  const known = compiled.get(schema) ?? Compile(close(schema) as TSchema);
  compiled.set(schema, known);
  return known;
}

function close(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(close);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, close(value)]);
  const own = node as { readonly properties?: object; readonly additionalProperties?: unknown };
  const open = own.properties !== undefined && own.additionalProperties === undefined;
  return Object.fromEntries(open ? [...entries, ['additionalProperties', false]] : entries);
}

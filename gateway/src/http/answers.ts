/**
 * What each route answers, by status: its own answers stand where it does, and what every route of its kind answers when it
 * refuses is added here, by what the route takes. None can be registered without, unless it is hidden from the description of the
 * interface (pages, websockets).
 */
import { STATUS_CODES } from 'node:http';
import { Problem } from '@roadwatch/contract/api';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import { type TSchema, Type } from 'typebox';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Statuses with which it refuses beside those that every route of its kind has. */
    refuses?: readonly number[];
    /** The form of its refusals, where another standard says what they look like: schemas by content type. */
    refusal?: Readonly<Record<string, TSchema>>;
  }
}

const PROBLEM = { 'application/problem+json': Problem } as const;
/** Of files and pages: their bytes have no schema. */
export const Bytes = Type.Unsafe<never>({ type: 'string', contentMediaType: 'application/octet-stream' });
export const PlainText = Type.Unsafe<never>({ type: 'string' });
const UNREADABLE = { 'text/plain': { schema: PlainText } };
/** Of an answer without a body, such as 204. */
export const Nothing = Type.Unsafe<undefined>(Type.Null());

/** An answer of another type than JSON; `headers` by name, with what each says. */
export function answerOf(
  types: Readonly<Record<string, TSchema>>,
  { description, headers }: { readonly description?: string; readonly headers?: Headers } = {},
) {
  const content = Object.fromEntries(Object.entries(types).map(([type, schema]) => [type, { schema }]));
  return { ...(description === undefined ? {} : { description }), ...(headers ? { headers } : {}), content };
}
type Headers = Readonly<Record<string, TSchema>>;

/** Must be called before any route is registered, and after `declareAccess`. `plugins`: prefixes of others' routes. */
export function declareAnswers(server: FastifyInstance, plugins: readonly string[]): void {
  const names = new Map<string, string>();
  server.addHook('onRoute', (route) => {
    const schema = route.schema as (FastifySchema & { hide?: boolean; operationId?: string }) | undefined;
    const isOthers = plugins.some((prefix) => route.url === prefix || route.url.startsWith(`${prefix}/`));
    if (schema?.hide || isOthers || [route.method].flat().every((method) => method === 'HEAD')) return;
    const name = `${[route.method].flat().join(' ')} ${route.url}`;
    const { operationId, response } = schema ?? {};
    if (operationId === undefined) throw new Error(`${name}: declares no operationId`);
    if (response === undefined) throw new Error(`${name}: declares no answers; expected schemas by status`);
    const other = names.get(operationId) ?? name;
    if (other !== name) throw new Error(`${name}: has the operationId ${operationId} of ${other}`);
    names.set(operationId, name);
    route.schema = { ...schema, response: { ...refusalsOf(route), ...described(response as object) } };
  });
}

/** 2xx and 3xx: without a description of their own, the phrase of the status. */
function described(response: object): object {
  return Object.fromEntries(
    Object.entries(response).map(([status, schema]) => {
      const description = (schema as { description?: string }).description ?? phrase(Number(status));
      if ('content' in schema || (schema as { type?: string }).type === 'null')
        return [status, { ...schema, description }];
      return [status, { description, content: { 'application/json': { schema } } }];
    }),
  );
}

function refusalsOf({ config = {}, schema, method }: RouteOptions): object {
  const {
    access,
    rateLimit,
    refuses = [],
    refusal = PROBLEM,
  } = config as RouteOptions['config'] & {
    rateLimit?: unknown;
  };
  const takesBody = [method].flat().some((each) => each !== 'GET' && each !== 'HEAD');
  const isChecked = schema?.params ?? schema?.querystring ?? schema?.headers ?? schema?.body;
  const statuses = [
    ...(access === 'public' ? [] : [401, 403]),
    // Of a body: too late, too large, of another type.
    ...(takesBody ? [408, 413, 415] : []),
    ...(isChecked === undefined ? [] : [refusal === PROBLEM ? 422 : 400]),
    ...(rateLimit === undefined ? [] : [429]),
    ...refuses,
    // Whatever asks the store.
    ...[500, 503],
  ];
  const content = Object.fromEntries(Object.entries(refusal).map(([type, form]) => [type, { schema: form }]));
  return {
    ...Object.fromEntries(statuses.map((status) => [status, { description: phrase(status), content }])),
    // Of what cannot be read as a request: see client-error.ts.
    400: { description: phrase(400), content: { ...content, ...UNREADABLE } },
    431: { description: phrase(431), content: UNREADABLE },
  };
}

function phrase(status: number): string {
  return STATUS_CODES[status] ?? 'Answer';
}

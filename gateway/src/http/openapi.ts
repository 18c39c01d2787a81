/**
 * The description of the interface (OpenAPI 3.1), from the schemas that the routes are checked by: with names for what has one,
 * arrays of fixed length as JSON Schema 2020-12 writes them, and only the parameters that a caller has to give required.
 */
import type { SwaggerOptions } from '@fastify/swagger';
import { modernSchema } from '@roadwatch/contract';
import type { FastifyContextConfig, FastifySchema } from 'fastify';
import type { Config } from '../config/config.ts';
import { SESSION_COOKIE } from './guard.ts';

type Node = Readonly<Record<string, unknown>>;

export function openApiOptions({ http }: Pick<Config, 'http'>): SwaggerOptions {
  return {
    stripBasePath: false,
    openapi: {
      openapi: '3.1.0',
      servers: [{ url: http.publicUrl ?? '/' }],
      info: {
        title: 'Roadwatch gateway',
        version: '1',
        description:
          'Alerts, tickets and cameras of a command centre. Every refusal is a problem document (RFC 9457) whose `code` is for ' +
          'programs; a request that cannot be read at all, or takes too long to arrive, is answered 400, 408 or 431 in plain text.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: ({ schema, url, route }) => ({
      schema: { ...describedSchema(schema, url), ...securityOf(route.config) } as FastifySchema,
      url,
    }),
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject;
      return withNames(document.openapiObject as unknown as Node) as typeof document.openapiObject;
    },
  };
}

/** OpenAPI 3.1, 4.8.30: any one of them is enough; of a token, the scope that it needs. */
function securityOf({ access, scope }: FastifyContextConfig = {}) {
  if (access === 'public') return {};
  return { security: [{ session: [] }, ...(scope === undefined ? [] : [{ token: [scope] }])] };
}

function describedSchema(schema: FastifySchema | undefined, url: string): FastifySchema {
  const { params, querystring, body, ...rest } = (schema ?? {}) as Readonly<Record<string, ObjectSchema>>;
  const inPath = new Set([...url.matchAll(/:(\w+)/g)].map(([, name]) => name as string));
  return {
    ...rest,
    ...(params === undefined || inPath.size === 0 ? {} : { params: onlyOf(params, inPath) }),
    ...(querystring === undefined ? {} : { querystring: withoutDefaults(querystring) }),
    ...(body === undefined ? {} : { body: withoutDefaults(body) }),
  };
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
}

function onlyOf({ properties = {}, ...schema }: ObjectSchema, names: ReadonlySet<string>): ObjectSchema {
  const kept = Object.entries(properties).filter(([name]) => names.has(name));
  return { ...schema, properties: Object.fromEntries(kept), required: [...names] };
}

/** What has a default need not be given. */
function withoutDefaults(schema: ObjectSchema): ObjectSchema {
  const { properties = {}, required } = schema;
  if (required === undefined) return schema;
  return { ...schema, required: required.filter((name) => properties[name]?.default === undefined) };
}

/** Schemas with a title become components, once each, and are referred to. */
function withNames(document: Node): Node {
  const schemas: Record<string, unknown> = {};
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)]));
    const { title, type } = node as { title?: unknown; type?: unknown };
    if (typeof title !== 'string' || type !== 'object') return inner;
    const name = title.replace(/\W/g, '');
    schemas[name] = inner;
    return { $ref: `#/components/schemas/${name}` };
  };
  const paths = visit(modernSchema(document.paths));
  const components = document.components as Node;
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => a.localeCompare(b)));
  return { ...document, paths, components: { ...components, schemas: sorted } };
}

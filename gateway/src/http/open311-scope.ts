/**
 * What the routes of Open311 share, and the API has not: a format in the path, forms instead of JSON, other sites, the jurisdiction, and errors
 * in the form of GeoReport v2 ("Errors"), also of what never reaches a route.
 */

import { limitWarnings, thrown } from '@roadwatch/common';
import { Open311Errors } from '@roadwatch/contract/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Config } from '../config/config.ts';
import { type Answer, errors, type Format } from '../open311/answer.ts';
import { Open311Refusal } from '../open311/refusal.ts';
import { ReportForm } from '../open311/report.ts';
import { Refusal } from '../refusal.ts';
import { SENTENCES, troubleOf } from '../store/trouble.ts';
import { answerOf, PlainText } from './answers.ts';
import { bearerOf } from './guard.ts';
import { openToBrowsers } from './open311-cors.ts';
import { acceptForms } from './open311-form.ts';
import { addressFor } from './public-address.ts';
import type { GatewayParts } from './route-context.ts';
import type { Server } from './server.ts';

const Params = Type.Object({
  format: Type.Union([Type.Literal('json'), Type.Literal('xml')]),
  id: Type.Optional(Type.String({ maxLength: 200 })),
});
const Value = Type.String({ maxLength: 2000 });
const Text = Type.Optional(Type.Union([Value, Type.Array(Value, { maxItems: 20 })]));
const Query = Type.Object({
  jurisdiction_id: Text,
  service_request_id: Text,
  service_code: Text,
  start_date: Text,
  end_date: Text,
  updated_after: Text,
  updated_before: Text,
  status: Text,
  lat: Text,
  long: Text,
  radius: Text,
  page: Text,
  page_size: Text,
});

type Texts = Readonly<Record<string, string | undefined>>;

export interface Asked {
  readonly format: Format;
  readonly id: string;
  readonly query: Texts;
  readonly form: Texts;
  readonly headers: Texts;
  /** Where the caller reaches us. */
  readonly origin: string;
  /** The caller's address. */
  readonly address: string;
  /** The token in the Authorization header. */
  readonly key: string | undefined;
}

interface Described {
  readonly operationId: string;
  readonly summary: string;
  /** Of what it answers as JSON. */
  readonly answers: TSchema;
  /** Statuses with which it refuses beside those that all have. */
  readonly refuses?: readonly number[];
}

export type Add = (
  method: 'GET' | 'POST',
  path: string,
  described: Described,
  answerTo: (asked: Asked) => Promise<Answer>,
) => void;

/** When nobody knows better. */
const RETRY_AFTER_S = 30;
const REFUSAL = { 'application/json': Open311Errors, 'text/xml': PlainText };

export function open311Scope(
  server: Server,
  { config, log }: Pick<GatewayParts, 'config' | 'log'>,
  routes: (add: Add) => void,
): void {
  server.register(
    async (scope) => {
      const warn = limitWarnings(log);
      await acceptForms(scope as unknown as Server);
      openToBrowsers(scope as unknown as Server);
      scope.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
        const trouble = troubleOf(error);
        const status = trouble === null ? statusOf(error) : 503;
        if (status === 503) {
          reply.header('retry-after', (error instanceof Refusal ? error.retryAfterS : null) ?? RETRY_AFTER_S);
          // Told once by the store's health, not for each request.
          return refuse(request, reply, status, trouble === null ? error.message : SENTENCES[trouble.code]);
        }
        if (status === 403) warn({ address: request.ip, reason: error.message }, 'token refused');
        if (status < 500) return refuse(request, reply, status, error.message);
        log.error({ url: request.routeOptions.url, ...thrown(error) }, 'request failed');
        return refuse(request, reply, status, 'the gateway could not do this; its log says why');
      });
      scope.route({
        method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        url: '/*',
        schema: { hide: true },
        config: { access: 'public' },
        handler: async () => {
          throw new Open311Refusal(404, 'there is nothing here');
        },
      });
      routes((method, path, { operationId, summary, answers, refuses = [] }, answerTo) => {
        scope.route({
          method,
          url: path,
          schema: {
            tags: ['open311'],
            operationId,
            summary: `Open311 GeoReport v2: ${summary}`,
            params: Params,
            response: {
              [method === 'GET' ? 200 : 201]: answerOf({
                'application/json': answers,
                'text/xml': PlainText,
              }),
            },
            ...(method === 'GET'
              ? { querystring: Query }
              : { body: ReportForm, consumes: ['application/x-www-form-urlencoded', 'multipart/form-data'] }),
          },
          config: {
            access: 'public',
            rateLimit: { max: 120, timeWindow: 60_000 },
            // A jurisdiction that is not known is 404 with every call.
            refuses: [400, 404, ...refuses],
            refusal: REFUSAL,
            ...(method === 'POST' ? { readsBody: 'multipart' } : {}),
          },
          handler: async (request, reply) => {
            const asked = askedOf(request, config);
            checkJurisdiction({ ...asked.query, ...asked.form }, config);
            const { type, body } = await answerTo(asked);
            return reply
              .code(method === 'GET' ? 200 : 201)
              .type(type)
              .serializer(String)
              .send(body);
          },
        });
      });
    },
    { prefix: '/open311' },
  );
}

function askedOf(request: FastifyRequest, { http }: Pick<Config, 'http'>): Asked {
  const { format, id = '' } = request.params as { format: Format; id?: string };
  return {
    format,
    id,
    query: textsOf(request.query as object),
    form: (request.body ?? {}) as Texts,
    headers: request.headers as Texts,
    origin: addressFor(http, request, ''),
    address: request.ip,
    key: bearerOf(request),
  };
}

/** What a client repeats it might as well have listed: `status=open&status=closed`. */
function textsOf(query: object): Texts {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value].flat().join(',')]));
}

/** Throws Open311Refusal. */
function checkJurisdiction({ jurisdiction_id: given }: Texts, { open311 }: Pick<Config, 'open311'>): void {
  if (given !== undefined && given !== open311.jurisdictionId)
    throw new Open311Refusal(404, `jurisdiction_id: there is no ${given} here`);
}

/**
 * "Errors": 403 for a missing or invalid api_key, 404 for a service or jurisdiction that is not known, 400 for the rest of what the
 * client has done. What the gateway cannot do at present is not the client's: 503, and it comes again.
 */
function statusOf(error: Error & { statusCode?: number }): number {
  if (error instanceof Open311Refusal) return error.status;
  if (error instanceof Refusal) {
    if (error.status === 401 || error.status === 403) return 403;
    return error.status === 503 || error.status === 429 ? 503 : 400;
  }
  return error.statusCode ?? 500;
}

function refuse(request: FastifyRequest, reply: FastifyReply, status: number, description: string) {
  const format = /\.xml(\?|$)/.test(request.url) ? 'xml' : 'json';
  const { type, body } = errors(format, status, description);
  return reply.code(status).type(type).serializer(String).send(body);
}

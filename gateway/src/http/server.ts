/** The HTTP server: what every route shares. Routes are plugins, and each names the role that it needs. */
import type { IncomingMessage, Server as NodeServer, ServerResponse } from 'node:http';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import websocket from '@fastify/websocket';
import { thrown } from '@roadwatch/common';
import { describeErrors, MAX_LIVE_MESSAGE_BYTES } from '@roadwatch/contract';
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Config } from '../config/config.ts';
import { EvidenceUnavailable } from '../evidence/store.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import { SENTENCES, troubleOf } from '../store/trouble.ts';
import { declareAccess } from './access.ts';
import { declareAnswers } from './answers.ts';
import { limitBodies } from './body-deadline.ts';
import { bucketOf, warnOfUnnamedProxy } from './client-address.ts';
import { answerClientError } from './client-error.ts';
import { isTooDeep, MAX_DEPTH } from './depth.ts';
import { guardRoutes } from './guard.ts';
import { openApiOptions } from './openapi.ts';
import { codeOfStatus, problem } from './problem.ts';
import { withoutBasePath } from './public-address.ts';
import { secondFactorFirst } from './second-factor-first.ts';
import { unstorableField } from './storable-text.ts';

export type Server = FastifyInstance<
  NodeServer,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

const MAX_BODY_BYTES = 256 * 1024;
/** Of a header, and of a whole request; bodies have a limit of their own, and uploads from telephones may need minutes. */
const HEADERS_MS = 20_000;
const REQUEST_MS = 15 * 60_000;
const BODY_MS = 30_000;

export async function createServer(
  config: Config,
  store: Store,
  log: Logger,
  bodyMs = BODY_MS,
): Promise<Server> {
  const server: Server = fastify({
    trustProxy: trustedProxies(config.http.trustProxy),
    rewriteUrl: (request) => withoutBasePath(config.http, request.url ?? '/'),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_MS,
    http: { headersTimeout: HEADERS_MS },
    clientErrorHandler: answerClientError,
    // Streams of events stay open for hours; they are closed by the route when the gateway stops.
    forceCloseConnections: true,
    logger: false,
    // What the router itself refuses, such as a broken escape in the path, before any handler of errors is asked.
    frameworkErrors: (error, _request, reply) =>
      problem(reply, codeOfStatus(error.statusCode ?? 400), error.message),
  }).withTypeProvider<TypeBoxTypeProvider>();

  server.setValidatorCompiler(({ schema, httpPart }) => {
    const shape = schema as TSchema;
    const isText = httpPart === 'querystring' || httpPart === 'params';
    return (data: unknown) => {
      if (isTooDeep(data))
        return { error: new Refusal('fields_invalid', `is nested deeper than ${MAX_DEPTH} levels`) };
      const given = Value.Default(shape, structuredClone(data ?? {}));
      const value = isText ? Value.Convert(shape, given) : given;
      const unstorable = unstorableField(value);
      if (unstorable !== null)
        return {
          error: new Refusal('text_unstorable', `${unstorable}: has a character that cannot be stored`),
        };
      if (Value.Check(shape, value)) return { value };
      return { error: new Refusal('fields_invalid', describeErrors(shape, value)) };
    };
  });
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
  server.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof Refusal) {
      if (error.retryAfterS !== null) reply.header('retry-after', error.retryAfterS);
      return problem(reply, error.code, error.message, error.more);
    }
    const trouble = troubleOf(error);
    // Told once by the store's health, not for each request.
    if (trouble !== null) return problem(reply, trouble.code, SENTENCES[trouble.code]);
    const status = error.statusCode ?? 500;
    if (status < 500) return problem(reply, codeOfStatus(status), error.message);
    log.error({ method: request.method, url: request.routeOptions.url, ...thrown(error) }, 'request failed');
    return error instanceof EvidenceUnavailable
      ? problem(reply, 'evidence_away', 'pictures and clips cannot be reached at present; the log says why')
      : problem(reply, 'failed', 'the gateway could not do this; its log says why');
  });
  declareAccess(server as unknown as FastifyInstance, { '/docs': 'public' });
  declareAnswers(server as unknown as FastifyInstance, ['/docs']);
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        // Its own, for a console under a path.
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // TLS ends at the proxy, which knows whether it may promise it.
    strictTransportSecurity: false,
  });
  // Off unless a route asks for it: see compression.ts.
  await server.register(compress, { global: false, globalDecompression: false });
  await server.register(cookie);
  await server.register(websocket, {
    options: { maxPayload: MAX_LIVE_MESSAGE_BYTES, perMessageDeflate: false },
  });
  await server.register(rateLimit, { global: false, keyGenerator: bucketOf });
  await server.register(swagger, openApiOptions(config));
  await server.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  warnOfUnnamedProxy(server, config, log);
  guardRoutes(server, store, log);
  secondFactorFirst(server, config);
  limitBodies(server, bodyMs);
  return server;
}

/** The first hop is the connection's own address. */
function trustedProxies(trusted: Config['http']['trustProxy']) {
  if (typeof trusted === 'number') return (_address: string, hop: number) => hop < trusted;
  return trusted === false ? false : [...trusted];
}

/** Open311 GeoReport v2 for other systems of the city: read only, and only when the configuration opens it. */
import { Type } from 'typebox';
import { languageOf } from '../../crew/texts.ts';
import { type Answer, answer, errors, type Format } from '../../open311/answer.ts';
import { type RequestFilter, serviceRequests, services } from '../../open311/service-requests.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { Server } from '../server.ts';

const FormatParam = Type.Union([Type.Literal('json'), Type.Literal('xml')]);
const Text = Type.Optional(Type.String({ maxLength: 2000 }));
const Query = Type.Object({
  jurisdiction_id: Text,
  service_request_id: Text,
  service_code: Text,
  start_date: Text,
  end_date: Text,
  status: Text,
});
/** Of this description of the service, not of its data. */
const CHANGED = '2026-11-23T00:00:00Z';

interface Asked {
  readonly params: { readonly format: Format; readonly id?: string };
  readonly query: { readonly [name: string]: string | undefined };
  /** Where the caller reaches us. */
  readonly origin: string;
  readonly headers: { readonly 'accept-language'?: string };
}

export function open311Routes(server: Server, { config, store }: GatewayParts): void {
  if (!config.open311.enabled) return;
  const { jurisdictionId, contact } = config.open311;

  const route = (path: string, answerTo: (asked: Asked) => Promise<{ status: number; content: Answer }>) =>
    server.get(
      path,
      {
        schema: {
          tags: ['open311'],
          summary: 'Open311 GeoReport v2',
          params: Type.Object({ format: FormatParam, id: Text }),
          querystring: Query,
        },
        config: { rateLimit: { max: 120, timeWindow: 60_000 } },
      },
      async (request, reply) => {
        const { query, params } = request;
        const origin = config.http.publicUrl ?? `${request.protocol}://${request.host}`;
        const asked = { params, query, origin, headers: request.headers } as Asked;
        const foreign = query.jurisdiction_id !== undefined && query.jurisdiction_id !== jurisdictionId;
        const { status, content } = foreign
          ? refuse(asked, 404, `jurisdiction_id: there is no ${query.jurisdiction_id} here`)
          : await answerTo(asked);
        return reply.code(status).type(content.type).serializer(String).send(content.body);
      },
    );

  route('/open311/discovery.:format', async ({ params, origin }) => ({
    status: 200,
    content: answer(
      params.format,
      {
        changeset: CHANGED,
        contact,
        endpoints: listed(params.format, 'endpoint', [
          {
            specification: 'http://wiki.open311.org/GeoReport_v2',
            url: new URL('/open311/v2', origin).href,
            changeset: CHANGED,
            type: 'production',
            formats: listed(params.format, 'format', ['application/json', 'text/xml']),
          },
        ]),
      },
      'discovery',
    ),
  }));

  route('/open311/v2/services.:format', async (asked) => ({
    status: 200,
    content: answer(asked.params.format, services(language(asked)), 'services', 'service'),
  }));

  route('/open311/v2/services/:id.:format', async (asked) => {
    const { format, id } = asked.params;
    const service = services(language(asked)).find((entry) => entry.service_code === id);
    if (service === undefined) return refuse(asked, 404, `service_code: there is no service ${id}`);
    const definition = { service_code: service.service_code, attributes: format === 'xml' ? '' : [] };
    return { status: 200, content: answer(format, definition, 'service_definition') };
  });

  route('/open311/v2/requests.:format', async (asked) => {
    const filter = filterOf(asked.query);
    if (typeof filter === 'string') return refuse(asked, 400, filter);
    const found = await serviceRequests(store, config, filter, language(asked));
    return { status: 200, content: answer(asked.params.format, found, 'service_requests', 'request') };
  });

  route('/open311/v2/requests/:id.:format', async (asked) => {
    const id = asked.params.id ?? '';
    const found = await serviceRequests(store, config, { ids: [id] }, language(asked));
    if (found.length === 0) return refuse(asked, 404, `service_request_id: there is no request ${id}`);
    return { status: 200, content: answer(asked.params.format, found, 'service_requests', 'request') };
  });
}

function refuse({ params }: Asked, status: number, description: string) {
  return { status, content: errors(params.format, status, description) };
}

function language({ headers }: Asked) {
  return languageOf(undefined, headers['accept-language']);
}

function listed(format: Format, item: string, list: readonly unknown[]): unknown {
  return format === 'json' ? list : { [item]: list };
}

/** A sentence when something cannot be understood. */
function filterOf(query: Asked['query']): RequestFilter | string {
  const list = (name: string): string[] | undefined => query[name]?.split(',').map((text) => text.trim());
  const ids = list('service_request_id');
  if (ids !== undefined) return { ids: ids.slice(0, 1000) };
  const status = list('status');
  if (status?.some((text) => text !== 'open' && text !== 'closed'))
    return 'status: expected open, closed or both';
  const at = (name: string): number | undefined =>
    query[name] === undefined ? undefined : Date.parse(query[name]);
  const [startAt, endAt] = [at('start_date'), at('end_date')];
  if (Number.isNaN(startAt)) return 'start_date: expected a W3C date and time, such as 2026-11-23T00:00:00Z';
  if (Number.isNaN(endAt)) return 'end_date: expected a W3C date and time, such as 2026-11-23T00:00:00Z';
  const serviceCodes = list('service_code');
  return {
    ...(serviceCodes === undefined ? {} : { serviceCodes }),
    ...(status === undefined ? {} : { status: [...new Set(status)] as ('open' | 'closed')[] }),
    ...(startAt === undefined ? {} : { startAt }),
    ...(endAt === undefined ? {} : { endAt }),
  };
}

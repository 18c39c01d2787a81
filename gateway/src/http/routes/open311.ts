/** Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2) for other systems of the city, when the configuration opens it. */
import {
  Open311Definition,
  Open311Discovery,
  Open311Made,
  Open311Requests,
  Open311Services,
  Open311Tokens,
} from '@roadwatch/contract/api';
import { raiseReport } from '../../alerts/citizen-report.ts';
import { languageOf } from '../../language.ts';
import { answer } from '../../open311/answer.ts';
import { filterOf } from '../../open311/filter.ts';
import { Open311Refusal } from '../../open311/refusal.ts';
import { reportOf } from '../../open311/report.ts';
import { requestOfToken } from '../../open311/report-requests.ts';
import type { RequestFilter } from '../../open311/request.ts';
import { serviceRequests } from '../../open311/service-requests.ts';
import { serviceDefinition, services } from '../../open311/services.ts';
import { REPORT_TEXTS } from '../../open311/texts.ts';
import { tokenFor } from '../guard.ts';
import { type Asked, open311Scope } from '../open311-scope.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const SCOPE = 'requests:write';
const MAX_IDEMPOTENCY_KEY = 200;
/** Of this description of the service, not of its data. */
const CHANGED = '2026-11-23T00:00:00Z';

export function open311Routes(server: Server, parts: GatewayParts): void {
  const { config, store } = parts;
  if (!config.open311.enabled) return;

  const list = async (asked: Asked, filter: RequestFilter) => {
    const token = asked.key === undefined ? null : await tokenFor(store, asked.key, SCOPE);
    const found = await serviceRequests(store, config, filter, {
      language: language(asked),
      tokenId: token?.id ?? null,
    });
    if (filter.ids?.length === 1 && found.length === 0)
      throw new Open311Refusal(404, `service_request_id: there is no request ${filter.ids[0]}`);
    return answer(asked.format, found, 'service_requests', 'request');
  };

  open311Scope(server, parts, (add) => {
    add(
      'GET',
      '/discovery.:format',
      { operationId: 'open311Discovery', summary: 'where the service is', answers: Open311Discovery },
      async ({ format, origin }) => {
        const endpoint = {
          specification: 'http://wiki.open311.org/GeoReport_v2',
          url: `${origin}/open311/v2`,
          changeset: CHANGED,
          type: 'production',
          formats: ['application/json', 'text/xml'],
        };
        const { contact } = config.open311;
        return answer(format, { changeset: CHANGED, contact, endpoints: [endpoint] }, 'discovery');
      },
    );

    add(
      'GET',
      '/v2/services.:format',
      { operationId: 'open311Services', summary: 'what can be reported', answers: Open311Services },
      async (asked) => answer(asked.format, services(language(asked)), 'services', 'service'),
    );

    add(
      'GET',
      '/v2/services/:id.:format',
      { operationId: 'open311Definition', summary: 'what is asked of a service', answers: Open311Definition },
      async (asked) => {
        if (!services('en').some((entry) => entry.service_code === asked.id))
          throw new Open311Refusal(404, `service_code: there is no service ${asked.id}`);
        return answer(asked.format, serviceDefinition(asked.id, language(asked)), 'service_definition');
      },
    );

    add(
      'GET',
      '/v2/requests.:format',
      {
        operationId: 'open311Requests',
        summary: 'requests by filter',
        answers: Open311Requests,
        refuses: [403],
      },
      async (asked) => list(asked, filterOf(asked.query, config.timeZone)),
    );

    add(
      'GET',
      '/v2/requests/:id.:format',
      { operationId: 'open311Request', summary: 'one request', answers: Open311Requests, refuses: [403] },
      async (asked) => list(asked, { ids: [asked.id] }),
    );

    add(
      'GET',
      '/v2/tokens/:id.:format',
      { operationId: 'open311Token', summary: 'the request of a token', answers: Open311Tokens },
      async ({ format, id }) => {
        const number = await requestOfToken(store, id);
        if (number === null) throw new Open311Refusal(404, `token: there is no token ${id}`);
        return answer(format, [{ service_request_id: number, token: id }], 'service_requests', 'request');
      },
    );

    add(
      'POST',
      '/v2/requests.:format',
      { operationId: 'open311Report', summary: 'report damage', answers: Open311Made, refuses: [403] },
      async (asked) => {
        const key = asked.form.api_key ?? asked.key;
        if (key === undefined) throw new Open311Refusal(403, 'api_key: is missing');
        const { id, name } = await tokenFor(store, key, SCOPE);
        const report = reportOf(asked.form);
        const { number, alert_id } = await store.transaction((tx) =>
          raiseReport(tx, report, {
            tokenId: id,
            idempotencyKey: asked.headers['idempotency-key']?.slice(0, MAX_IDEMPOTENCY_KEY) ?? null,
            actor: { name: `token:${name}`, channel: 'open311', source: asked.address },
            timeZone: config.timeZone,
            rule: config.alerts,
          }),
        );
        const made = {
          service_request_id: number,
          token: alert_id,
          service_notice: REPORT_TEXTS[language(asked)].notice,
          account_id: null,
        };
        return answer(asked.format, [made], 'service_requests', 'request');
      },
    );
  });
}

function language({ headers }: Asked) {
  return languageOf(undefined, headers['accept-language']);
}

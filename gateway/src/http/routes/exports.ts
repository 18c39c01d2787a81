/** All alerts or all tickets as a file, for spreadsheets and maps. */
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { exportRecords, FORMATS, RECORDS } from '../../exports/records.ts';
import { CITY } from '../access.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { Server } from '../server.ts';

const Params = Type.Object({ records: Type.Union(RECORDS.map((kind) => Type.Literal(kind))) });
const Query = Type.Object({
  format: Type.Union(
    FORMATS.map((format) => Type.Literal(format)),
    { default: 'csv' },
  ),
});
const TYPES = { csv: 'text/csv; charset=utf-8', geojson: 'application/geo+json' } as const;

export function exportRoutes(server: Server, { config, store }: GatewayParts): void {
  server.get(
    '/api/exports/:records',
    {
      schema: { tags: ['exports'], summary: 'Everything as a file', params: Params, querystring: Query },
      config: { access: CITY, scope: 'export:read', rateLimit: { max: 10, timeWindow: 60_000 } },
    },
    async ({ params: { records }, query: { format } }, reply) =>
      reply
        .type(TYPES[format])
        .header('content-disposition', `attachment; filename="${records}.${format}"`)
        .send(Readable.from(exportRecords(store, records, format, config.timeZone))),
  );
}

/** All alerts or all tickets as a file, for spreadsheets and maps. */

import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { recordExport } from '../../exports/record.ts';
import { exportRecords, FORMATS, RECORDS } from '../../exports/records.ts';
import { CITY } from '../access.ts';
import { cutWithAccess } from '../access-watch.ts';
import { answerOf, PlainText } from '../answers.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const Params = Type.Object({ records: Type.Union(RECORDS.map((kind) => Type.Literal(kind))) });
const Query = Type.Object({
  format: Type.Union(
    FORMATS.map((format) => Type.Literal(format)),
    { default: 'csv' },
  ),
});
/** RFC 7946. */
const GeoJson = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(Type.Object({ type: Type.Literal('Feature') })),
});
const TYPES = { csv: 'text/csv; charset=utf-8', geojson: 'application/geo+json' } as const;

export function exportRoutes(server: Server, parts: GatewayParts): void {
  const { config, store } = parts;
  server.get(
    '/api/exports/:records',
    {
      schema: {
        tags: ['exports'],
        operationId: 'exportRecords',
        summary: 'Everything as a file',
        params: Params,
        querystring: Query,
        response: { 200: answerOf({ 'text/csv': PlainText, 'application/geo+json': GeoJson }) },
      },
      config: { access: CITY, scope: 'export:read', rateLimit: { max: 10, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const {
        params: { records },
        query: { format },
      } = request;
      // What leaves the house is written down first, or does not leave.
      await recordExport(store, actorOf(request), records, { format });
      cutWithAccess(parts, request, reply);
      return reply
        .type(TYPES[format])
        .header('content-disposition', `attachment; filename="${records}.${format}"`)
        .send(Readable.from(exportRecords(store, records, format, config.timeZone)));
    },
  );
}

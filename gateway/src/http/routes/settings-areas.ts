/** The areas of units: drawn or sent as GeoJSON, checked, and read again to be drawn on. */
import { Datum, Sha256 } from '@roadwatch/contract';
import { Area, AreaShape } from '@roadwatch/contract/api';
import { MAX_AREA_BYTES } from '@roadwatch/contract/settings-ranges.ts';
import { Type } from 'typebox';
import { AreaProblem } from '../../geo/area.ts';
import { type MendedArea, mendArea } from '../../geo/mend-area.ts';
import { Refusal } from '../../refusal.ts';
import { areaShape, keepArea } from '../../settings/areas.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const config = { access: ['admin'] as const };

export function areaRoutes(server: Server, { store }: GatewayParts): void {
  server.post(
    '/api/settings/areas',
    {
      bodyLimit: MAX_AREA_BYTES,
      schema: {
        tags: ['settings'],
        operationId: 'sendArea',
        summary: 'Check an area and keep it, for a unit to name',
        querystring: Type.Object({ datum: Type.Optional(Datum) }),
        body: Type.Object({ type: Type.String({ maxLength: 40 }) }, { description: 'GeoJSON (RFC 7946)' }),
        response: { 201: Area },
      },
      config: { ...config, rateLimit: { max: 60, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const { polygons, squareKilometres, mended } = mendedArea(request.body, request.query.datum);
      const name = await store.transaction((tx) => keepArea(tx, polygons));
      return reply.code(201).send({ ...name, squareKilometres, mended });
    },
  );

  server.get(
    '/api/settings/areas/:sha256',
    {
      schema: {
        tags: ['settings'],
        operationId: 'getArea',
        summary: 'An area, in WGS 84',
        params: Type.Object({ sha256: Sha256 }),
        response: { 200: AreaShape },
      },
      config: { ...config, refuses: [404] },
    },
    async (request) => {
      const { sha256 } = request.params;
      const shape = await areaShape(store.db, sha256);
      if (shape === null) throw new Refusal('area_shape_unknown', `there is no area ${sha256}`);
      return shape;
    },
  );
}

function mendedArea(geojson: unknown, datum?: 'wgs84' | 'gcj02'): MendedArea {
  try {
    return mendArea(geojson, datum);
  } catch (error) {
    if (error instanceof AreaProblem) throw new Refusal(error.code, error.message);
    throw error;
  }
}

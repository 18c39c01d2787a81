/** The map: what is on it, and the ground below. The same for people, and for walls by their token under an address of their own. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { MapGround, MapMarkers, type Scope } from '@roadwatch/contract/api';
import { Type } from 'typebox';
import { currentGround } from '../../map/ground.ts';
import { mapMarkers } from '../../map/markers.ts';
import { Refusal } from '../../refusal.ts';
import { CITY } from '../access.ts';
import { cutWithAccess } from '../access-watch.ts';
import { answerOf, Bytes, Nothing } from '../answers.ts';
import { rangeOf } from '../range.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const MarkersQuery = Type.Object({
  language: Type.Union([Type.Literal('en'), Type.Literal('zh')], { default: 'en' }),
  since: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'the `seq` of the markers that you have: only what has changed',
    }),
  ),
});
const FileParams = Type.Object({
  name: Type.Union([Type.Literal('base'), Type.Literal('grid'), Type.Literal('areas')]),
});
const FILE = {
  'application/geo+json': Type.Object({}, { additionalProperties: true }),
  'application/vnd.pmtiles': Bytes,
};

interface Shown {
  readonly address: string;
  readonly scope: Scope;
  /** Behind the names of the operations. */
  readonly where: '' | 'OnWall';
}
const SHOWN: readonly Shown[] = [
  { address: '/api/map', scope: 'alerts:read', where: '' },
  { address: '/api/wall/map', scope: 'wall:read', where: 'OnWall' },
];

export function mapRoutes(server: Server, parts: GatewayParts): void {
  const ground = currentGround(parts.config);
  const { datum } = parts.config.map;
  for (const { address, scope, where } of SHOWN) {
    const config = { access: CITY, scope };

    server.get(
      address,
      {
        schema: {
          tags: ['map'],
          operationId: `getMap${where}`,
          summary: 'Cameras, waiting alerts and open tickets by their places',
          querystring: MarkersQuery,
          response: { 200: MapMarkers },
        },
        config,
      },
      ({ query }) => mapMarkers(parts, { datum, ...query }),
    );

    server.get(
      `${address}/ground`,
      {
        schema: {
          tags: ['map'],
          operationId: `getMapGround${where}`,
          summary: 'What lies below the markers',
          response: { 200: MapGround },
        },
        config,
      },
      async () => ground().about,
    );

    server.get(
      `${address}/ground/:name`,
      {
        schema: {
          tags: ['map'],
          operationId: `getMapFile${where}`,
          summary: 'A file of the ground: GeoJSON, or PMTiles in parts',
          params: FileParams,
          response: { 200: answerOf(FILE), 206: answerOf(FILE), 304: Nothing, 416: Nothing },
        },
        config: { ...config, refuses: [404] },
      },
      async (request, reply) => {
        const { about, file: named } = ground();
        const file = named(request.params.name);
        if (file === null) throw new Refusal('map_file_unknown', 'the map has no such file');
        // Of tiles a browser keeps parts: they must not be mixed with those of a file that has taken its place.
        const found = file.kind === 'pmtiles' ? await stat(file.file).catch(() => null) : null;
        if (file.kind === 'pmtiles' && found === null)
          throw new Refusal('map_file_unknown', 'the file of the map is no longer there');
        const etag = `"${about.version}${found === null ? '' : `-${found.mtimeMs}`}"`;
        reply.headers({ etag, 'cache-control': 'private, no-cache' });
        if (request.headers['if-none-match'] === etag) return reply.code(304).send();
        if (file.kind === 'geojson')
          return reply.type('application/geo+json').serializer(String).send(file.text);
        const size = found?.size ?? 0;
        const range = rangeOf(request.headers.range, size);
        if (range === 'unsatisfiable')
          return reply.code(416).header('content-range', `bytes */${size}`).send();
        cutWithAccess(parts, request, reply);
        reply.type('application/vnd.pmtiles').header('accept-ranges', 'bytes');
        if (range === null) return reply.header('content-length', size).send(createReadStream(file.file));
        return reply
          .code(206)
          .headers({
            'content-length': range.end - range.start + 1,
            'content-range': `bytes ${range.start}-${range.end}/${size}`,
          })
          .send(createReadStream(file.file, range));
      },
    );
  }
}

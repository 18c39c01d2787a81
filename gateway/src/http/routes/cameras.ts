/** Cameras, and what each of them last said and showed. */
import { CAMERA_CONDITIONS, type CameraCondition, type CameraState, Slug } from '@roadwatch/contract';
import {
  CAMERA_TONES,
  CameraDetail,
  CameraHealthPage,
  CameraList,
  CameraPlaces,
  IncidentList,
  OneOf,
  TakenPicture,
} from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { Type } from 'typebox';
import { boxesNow } from '../../agents/boxes.ts';
import type { AgentCommands } from '../../agents/commands.ts';
import { takePicture } from '../../agents/take-picture.ts';
import { isOnline } from '../../agents/watch.ts';
import { cameraFigures, cameraHealth, thresholdsOf } from '../../cameras/health.ts';
import { incidentsOf } from '../../cameras/incidents.ts';
import { lastPicture } from '../../cameras/last-picture.ts';
import { cameraKey } from '../../cameras/names.ts';
import { type CameraOf, formatAgentName } from '../../cameras/source.ts';
import { cameraPlaces } from '../../map/camera-places.ts';
import { Refusal } from '../../refusal.ts';
import { deliveryOf, newestOfEach } from '../../settings/camera/versions.ts';
import type { Tables } from '../../store/tables/index.ts';
import { CITY } from '../access.ts';
import { Nothing } from '../answers.ts';
import { COMPRESSED } from '../compression.ts';
import { actorOf } from '../guard.ts';
import { REVALIDATED } from '../revalidated.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

/** Of one address: a person looks at each; each takes a box's line, and waits. */
const PICTURES_A_MINUTE = 30;

export const CameraParams = Type.Object({ site: Slug, agent: Slug, camera: Slug });
const CONDITION = `(${CAMERA_CONDITIONS.join('|')})`;
const CamerasQuery = Type.Object({
  state: Type.Optional(
    Type.String({
      pattern: `^${CONDITION}(,${CONDITION}){0,${CAMERA_CONDITIONS.length - 1}}$`,
      description: 'only those in one of these states, as `stalled,covered`',
    }),
  ),
  site: Type.Optional({ ...Slug, description: 'only those of this site' }),
  agent: Type.Optional({ ...Slug, description: 'only those of boxes of this name' }),
  camera: Type.Optional({ ...Slug, description: 'only those of this id' }),
});
const HealthQuery = Type.Object({
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'in its names or its id' })),
  tone: Type.Optional(
    OneOf(CAMERA_TONES, 'good: sees; warn: sees poorly, or is about to; bad: does not see'),
  ),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  after: Type.Optional(
    Type.String({ maxLength: 200, description: 'what `next` of the page before it said' }),
  ),
});

const DEGREES = '-?[0-9]{1,3}([.][0-9]{1,15})?';
const PlacesQuery = Type.Object({
  bbox: Type.Optional(
    Type.String({
      maxLength: 100,
      pattern: `^${DEGREES}(,${DEGREES}){3}$`,
      description: 'only those within WEST,SOUTH,EAST,NORTH, in degrees of WGS 84 (RFC 7946 5)',
    }),
  ),
});

export function cameraRoutes(
  server: Server,
  { store }: GatewayParts,
  commands: Pick<AgentCommands, 'ask'>,
): void {
  const config = { access: CITY, scope: 'alerts:read' as const };
  const tags = ['field'];

  server.get(
    '/api/cameras',
    {
      ...COMPRESSED,
      ...REVALIDATED,
      schema: {
        tags,
        operationId: 'listCameras',
        summary: 'Cameras and their states',
        querystring: CamerasQuery,
        response: { 200: CameraList, 304: Nothing },
      },
      config,
    },
    async ({ query: { state, ...names } }) => {
      let cameras = camerasWithAgent(store.db);
      for (const name of ['site', 'agent', 'camera'] as const)
        if (names[name] !== undefined) cameras = cameras.where(`cameras.${name}`, '=', names[name]);
      if (state === undefined) return { items: (await cameras.execute()).map(viewOf) };
      const states = new Set<string>(state.split(','));
      const rows = await cameras
        .where(
          'cameras.condition',
          'in',
          CAMERA_CONDITIONS.filter((one) => states.has(one)),
        )
        .execute();
      // Of a box that is away nobody knows it.
      return { items: rows.map(viewOf).filter((camera) => states.has(camera.state)) };
    },
  );

  server.get(
    '/api/camera-health',
    {
      ...COMPRESSED,
      ...REVALIDATED,
      schema: {
        tags,
        operationId: 'listCameraHealth',
        summary: 'Cameras page by page: how well each sees, how often it saw, how often it was right',
        querystring: HealthQuery,
        response: { 200: CameraHealthPage, 304: Nothing },
      },
      config,
    },
    async ({ query: { q, ...query } }) => {
      const text = q === undefined ? {} : { text: q };
      const boxes = await boxesNow(store.db);
      const { items, ...page } = await cameraHealth(store.db, { ...query, ...text }, boxes, store.now());
      const newest = await newestOfEach(store.db, items);
      const said = new Map((await saidBy(store.db, [...newest.keys()])).map((row) => [cameraKey(row), row]));
      return {
        ...page,
        items: items.map((item) => {
          const row = said.get(cameraKey(item));
          const state = row?.state ? (JSON.parse(row.state) as CameraState) : null;
          const last = { settings: state?.settings, at: row?.state_at ?? null };
          return { ...item, settings: deliveryOf(newest.get(cameraKey(item)), last).state };
        }),
      };
    },
  );

  server.get(
    '/api/camera-places',
    {
      ...COMPRESSED,
      ...REVALIDATED,
      schema: {
        tags,
        operationId: 'listCameraPlaces',
        summary: 'Where cameras are, or how many where they are too many',
        querystring: PlacesQuery,
        response: { 200: CameraPlaces, 304: Nothing },
      },
      config,
    },
    async ({ query: { bbox } }) => {
      const [west = 0, south = 0, east = 0, north = 0] = bbox?.split(',').map(Number) ?? [];
      return cameraPlaces(store.db, bbox === undefined ? null : [west, south, east, north]);
    },
  );

  server.get(
    '/api/cameras/:site/:agent/:camera',
    {
      schema: {
        tags,
        operationId: 'getCamera',
        summary: 'A camera, with the last picture that has come from it',
        params: CameraParams,
        response: { 200: CameraDetail },
      },
      config: { ...config, refuses: [404] },
    },
    async ({ params }) => {
      const row = await cameraRow(store.db, params);
      const state = row.state === null ? null : (JSON.parse(row.state) as CameraState);
      const boxes = await boxesNow(store.db, params);
      const figures = await cameraFigures(store.db, [params], store.now());
      return {
        ...viewOf(row),
        masks: state?.masks ?? [],
        picture: await lastPicture(store.db, params),
        thresholds: thresholdsOf(params, state?.thresholds, boxes),
        modelThresholds: boxes.thresholds.get(formatAgentName(params)) ?? {},
        figures: figures(params),
      };
    },
  );

  server.get(
    '/api/cameras/:site/:agent/:camera/incidents',
    {
      schema: {
        tags,
        operationId: 'listCameraIncidents',
        summary: 'What was wrong with the camera, the newest first, with a picture of before and of then',
        params: CameraParams,
        response: { 200: IncidentList },
      },
      config: { ...config, refuses: [404] },
    },
    async ({ params }) => {
      await cameraRow(store.db, params);
      return { items: await incidentsOf(store.db, params) };
    },
  );

  server.post(
    '/api/cameras/:site/:agent/:camera/picture',
    {
      schema: {
        tags,
        operationId: 'takePicture',
        summary:
          'Have the camera show what it sees now; answered when the picture has come, or is on its way',
        params: CameraParams,
        response: { 200: TakenPicture },
      },
      config: { access: CITY, refuses: [404], rateLimit: { max: PICTURES_A_MINUTE, timeWindow: 60_000 } },
    },
    async (request) => {
      const camera = await cameraThatAnswers(store.db, request.params);
      return takePicture(store, commands, camera, actorOf(request));
    },
  );
}

interface CameraName {
  readonly site: string;
  readonly agent: string;
  readonly camera: string;
}

/** Throws Refusal when nobody has heard of it. */
export async function cameraRow(db: Kysely<Tables>, { site, agent, camera }: CameraName) {
  const row = await camerasWithAgent(db)
    .where('cameras.site', '=', site)
    .where('cameras.agent', '=', agent)
    .where('cameras.camera', '=', camera)
    .executeTakeFirst();
  if (row === undefined) throw new Refusal('camera_unknown', `there is no camera ${site}/${agent}/${camera}`);
  return row;
}

/** One that can be asked for something. Throws Refusal when nobody has heard of it, or its box is known to be away. */
export async function cameraThatAnswers(db: Kysely<Tables>, of: CameraName): Promise<CameraOf> {
  const { site, agent, camera, ...row } = await cameraRow(db, of);
  if (row.status !== null && !isOnline(row))
    throw new Refusal('agent_offline', `agent ${site}/${agent} is offline`);
  return { site, agent, camera };
}

/** Of those that are named by SITE/AGENT/CAMERA. */
async function saidBy(db: Kysely<Tables>, keys: readonly string[]) {
  if (keys.length === 0) return [];
  const names = keys.map((key) => key.split('/') as [string, string, string]);
  return db
    .selectFrom('cameras')
    .select(['site', 'agent', 'camera', 'state', 'state_at'])
    .where((where) => where.or(names.map(([site, agent, camera]) => where.and({ site, agent, camera }))))
    .execute();
}

function camerasWithAgent(db: Kysely<Tables>) {
  return db
    .selectFrom('cameras')
    .leftJoin('agents', (join) =>
      join.onRef('agents.site', '=', 'cameras.site').onRef('agents.agent', '=', 'cameras.agent'),
    )
    .select(['cameras.site', 'cameras.agent', 'cameras.camera', 'cameras.state', 'cameras.state_at'])
    .select(['agents.status', 'agents.silent_at', 'agents.revoked_at'])
    .orderBy('cameras.site')
    .orderBy('cameras.agent')
    .orderBy('cameras.camera');
}

function viewOf(row: Awaited<ReturnType<typeof cameraRow>>) {
  const state = row.state === null ? null : (JSON.parse(row.state) as CameraState);
  const online = isOnline(row);
  const { site, agent, camera } = row;
  const lastState: CameraCondition = state?.state ?? 'starting';
  // What the file of its box says of it is for the box's own page.
  const { own: _, ...said } = state ?? { own: undefined, name: { en: camera, zh: camera } };
  return {
    ...said,
    // What a camera last did holds only while its agent is there to say otherwise.
    state: online || row.status === null ? lastState : ('unknown' as const),
    lastState,
    site,
    agent,
    camera,
    online,
  };
}

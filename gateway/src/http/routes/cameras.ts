/** Cameras, and what each of them last said and showed. */
import { type CameraCondition, type CameraState, Slug } from '@roadwatch/contract';
import { CameraDetail, CameraList } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { Type } from 'typebox';
import { isOnline } from '../../agents/watch.ts';
import { lastPicture } from '../../cameras/last-picture.ts';
import { Refusal } from '../../refusal.ts';
import type { Tables } from '../../store/tables/index.ts';
import { CITY } from '../access.ts';
import { Nothing } from '../answers.ts';
import { COMPRESSED } from '../compression.ts';
import { REVALIDATED } from '../revalidated.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

export const CameraParams = Type.Object({ site: Slug, agent: Slug, camera: Slug });

export function cameraRoutes(server: Server, { store }: GatewayParts): void {
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
        response: { 200: CameraList, 304: Nothing },
      },
      config,
    },
    async () => ({ items: (await camerasWithAgent(store.db).execute()).map(viewOf) }),
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
    async ({ params }) => ({
      ...viewOf(await cameraRow(store.db, params)),
      picture: await lastPicture(store.db, params),
    }),
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

function camerasWithAgent(db: Kysely<Tables>) {
  return db
    .selectFrom('cameras')
    .leftJoin('agents', (join) =>
      join.onRef('agents.site', '=', 'cameras.site').onRef('agents.agent', '=', 'cameras.agent'),
    )
    .select(['cameras.site', 'cameras.agent', 'cameras.camera', 'cameras.state'])
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
  return {
    ...(state ?? { name: { en: camera, zh: camera } }),
    // What a camera last did holds only while its agent is there to say otherwise.
    state: online || row.status === null ? lastState : ('unknown' as const),
    lastState,
    site,
    agent,
    camera,
    online,
  };
}

/** What is set of a box as a whole: what counts, every version, changing, putting back and sending again. */
import { type CameraState, Slug, timestamp } from '@roadwatch/contract';
import {
  BoxSettingsVersions,
  BoxSettingsView,
  ChangeBoxSettings,
  UndoSettings,
  type BoxSettingsView as View,
} from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { Type } from 'typebox';
import { isOnline } from '../../agents/watch.ts';
import { type AgentName, formatAgentName } from '../../cameras/source.ts';
import { Refusal } from '../../refusal.ts';
import { changeBoxSettings, sendBoxSettingsAgain, undoBoxSettings } from '../../settings/box/change.ts';
import type { BoxSettingsSender } from '../../settings/box/sender.ts';
import {
  boxDelivery,
  boxSettingsIn,
  boxSettingsVersions,
  configurationIn,
  newestBoxSettings,
  runningVersion,
} from '../../settings/box/versions.ts';
import type { AgentRow } from '../../store/tables/field.ts';
import type { Tables } from '../../store/tables/index.ts';
import { CITY } from '../access.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const PATH = '/api/agents/:site/:agent/settings';
/** Names and addresses of 256 cameras. */
const MAX_BODY_BYTES = 1024 * 1024;
const MAY_SET = { access: ['admin', 'shift_lead'] as const, refuses: [404, 409] };
/** A camera that has said nothing for so long before its box last did is no longer there: it says how it is every 10 s. */
const GONE_MS = 60_000;
const Undo = Type.Object(
  {
    version: UndoSettings.properties.version,
    to: Type.Integer({ minimum: 0, description: '0: nothing set' }),
  },
  { additionalProperties: false },
);

export function boxSettingsRoutes(server: Server, { store }: GatewayParts, sender: BoxSettingsSender): void {
  const tags = ['field'];
  const params = Type.Object({ site: Slug, agent: Slug });

  server.get(
    PATH,
    {
      schema: {
        tags,
        operationId: 'getBoxSettings',
        summary: 'What is set of a box, what it says to it, and with what it runs',
        params,
        response: { 200: BoxSettingsView },
      },
      config: { access: CITY, refuses: [404] },
    },
    async ({ params: of }) => viewOf(store.db, of),
  );

  server.put(
    PATH,
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        tags,
        operationId: 'changeBoxSettings',
        summary:
          'Set a box, from the version that was seen; it is told at once, or when it is back, and tries it first',
        params,
        body: ChangeBoxSettings,
        response: { 200: BoxSettingsView },
      },
      config: MAY_SET,
    },
    async (request) => {
      await boxOf(store.db, request.params);
      await changeBoxSettings(store, request.params, request.body, actorOf(request));
      await sender.advance(request.params);
      return viewOf(store.db, request.params);
    },
  );

  server.get(
    `${PATH}/versions`,
    {
      schema: {
        tags,
        operationId: 'listBoxSettingsVersions',
        summary: 'What was set of a box, by whom and when, the latest first',
        params,
        response: { 200: BoxSettingsVersions },
      },
      config: { access: CITY, refuses: [404] },
    },
    async ({ params: of }) => {
      await boxOf(store.db, of);
      return { items: await boxSettingsVersions(store.db, of) };
    },
  );

  server.post(
    `${PATH}/undo`,
    {
      schema: {
        tags,
        operationId: 'undoBoxSettings',
        summary: 'Put an earlier version back, as a new one',
        params,
        body: Undo,
        response: { 200: BoxSettingsView },
      },
      config: MAY_SET,
    },
    async (request) => {
      await boxOf(store.db, request.params);
      await undoBoxSettings(store, request.params, request.body, actorOf(request));
      await sender.advance(request.params);
      return viewOf(store.db, request.params);
    },
  );

  server.post(
    `${PATH}/send`,
    {
      schema: {
        tags,
        operationId: 'sendBoxSettings',
        summary: 'Send the box its newest settings again, as after it has refused them',
        params,
        response: { 200: BoxSettingsView },
      },
      config: MAY_SET,
    },
    async (request) => {
      await boxOf(store.db, request.params);
      await sendBoxSettingsAgain(store, request.params, actorOf(request));
      await sender.advance(request.params);
      return viewOf(store.db, request.params);
    },
  );
}

/** Throws Refusal when nobody has heard of it. */
async function boxOf(db: Kysely<Tables>, { site, agent }: AgentName): Promise<AgentRow> {
  const row = await db
    .selectFrom('agents')
    .selectAll()
    .where((where) => where.and({ site, agent }))
    .executeTakeFirst();
  if (row === undefined)
    throw new Refusal('agent_unknown', `there is no agent ${formatAgentName({ site, agent })}`);
  return row;
}

async function viewOf(db: Kysely<Tables>, { site, agent }: AgentName): Promise<View> {
  const of = { site, agent };
  const box = await boxOf(db, of);
  const row = await newestBoxSettings(db, of);
  const configuration = configurationIn(box.status);
  return {
    ...of,
    online: isOnline(box),
    version: row === undefined ? 0 : Number(row.version),
    id: row?.id ?? null,
    at: row === undefined ? null : timestamp(Number(row.at)),
    by: row?.author ?? null,
    document: row === undefined ? {} : boxSettingsIn(row),
    delivery: boxDelivery(row),
    running: await runningVersion(db, of, configuration),
    configuration,
    takesSettings: configuration?.settings !== undefined,
    cameras: await camerasOf(db, box),
  };
}

/** Those that the box has now: of its last start, and not taken away since. */
async function camerasOf(db: Kysely<Tables>, box: AgentRow): Promise<View['cameras']> {
  const rows = await db
    .selectFrom('cameras')
    .select(['state', 'state_at'])
    .where((where) => where.and({ site: box.site, agent: box.agent }))
    .where('state', 'is not', null)
    .orderBy('camera')
    .execute();
  return rows
    .filter(({ state_at }) => Number(state_at) > Number(box.status_at) - GONE_MS)
    .map(({ state }) => JSON.parse(state as string) as CameraState)
    .filter(({ bootId }) => bootId === undefined || bootId === box.boot_id)
    .map(({ camera, name, state, own }) => ({
      ...{ camera, name, state: isOnline(box) ? state : ('unknown' as const) },
      ...(own === undefined ? {} : { own }),
    }));
}

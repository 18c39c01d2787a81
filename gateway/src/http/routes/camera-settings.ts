/** What is set of a camera: what counts, every version, changing, putting back, sending again, and all of it as its box would have it. */
import type { CameraState } from '@roadwatch/contract';
import {
  CameraSettingsVersions,
  CameraSettingsView,
  ChangeCameraSettings,
  UndoSettings,
} from '@roadwatch/contract/api';
import { Type } from 'typebox';
import { boxesNow } from '../../agents/boxes.ts';
import { cameraKey } from '../../cameras/names.ts';
import { type CameraOf, formatAgentName } from '../../cameras/source.ts';
import { authorOf } from '../../identity/actor.ts';
import { Refusal } from '../../refusal.ts';
import { changeCameraSettings, undoCameraSettings } from '../../settings/camera/change.ts';
import type { CameraSettingsSender } from '../../settings/camera/sender.ts';
import { newestSettings, type Said, settingsVersions, settingsView } from '../../settings/camera/versions.ts';
import { cameraYaml } from '../../settings/camera/yaml.ts';
import { CITY } from '../access.ts';
import { answerOf, PlainText } from '../answers.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';
import { CameraParams, cameraRow } from './cameras.ts';

const PATH = '/api/cameras/:site/:agent/:camera/settings';
/** 32 masks and a road of 64 corners each, with all their decimals. */
const MAX_BODY_BYTES = 256 * 1024;
const MAY_SET = { access: ['admin', 'shift_lead'] as const, refuses: [404, 409] };
/** The document is to be put back in the form in which it was seen. */
const Undo = Type.Object(
  {
    version: UndoSettings.properties.version,
    to: Type.Integer({ minimum: 0, description: '0: nothing set' }),
  },
  { additionalProperties: false },
);

export function cameraSettingsRoutes(
  server: Server,
  { store }: GatewayParts,
  sender: CameraSettingsSender,
): void {
  const tags = ['field'];
  const params = CameraParams;
  const saidOf = async (
    of: CameraOf,
  ): Promise<{ readonly state: CameraState | null; readonly said: Said }> => {
    const row = await cameraRow(store.db, of);
    const state = row.state === null ? null : (JSON.parse(row.state) as CameraState);
    return { state, said: { settings: state?.settings, at: row.state_at } };
  };
  const view = async (of: CameraOf): Promise<CameraSettingsView> => {
    const { said } = await saidOf(of);
    return settingsView(await newestSettings(store.db, of), said);
  };

  server.get(
    PATH,
    {
      schema: {
        tags,
        operationId: 'getCameraSettings',
        summary: 'What is set of a camera, and what its box says to it',
        params,
        response: { 200: CameraSettingsView },
      },
      config: { access: CITY, refuses: [404] },
    },
    async ({ params: of }) => view(of),
  );

  server.put(
    PATH,
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        tags,
        operationId: 'changeCameraSettings',
        summary: 'Set a camera, from the version that was seen; its box is told at once, or when it is back',
        params,
        body: ChangeCameraSettings,
        response: { 200: CameraSettingsView },
      },
      config: MAY_SET,
    },
    async (request) => {
      const of = request.params;
      await cameraRow(store.db, of);
      const { thresholds } = await boxesNow(store.db, of);
      const own = thresholds.get(formatAgentName(of)) ?? {};
      await changeCameraSettings(store, of, request.body, own, actorOf(request));
      sender.send(of);
      return view(of);
    },
  );

  server.get(
    `${PATH}/versions`,
    {
      schema: {
        tags,
        operationId: 'listCameraSettingsVersions',
        summary: 'What was set of a camera, by whom and when, the latest first',
        params,
        response: { 200: CameraSettingsVersions },
      },
      config: { access: CITY, refuses: [404] },
    },
    async ({ params: of }) => ({ items: await settingsVersions(store.db, of, (await saidOf(of)).said) }),
  );

  server.post(
    `${PATH}/undo`,
    {
      schema: {
        tags,
        operationId: 'undoCameraSettings',
        summary: 'Put an earlier version back, as a new one; masks stay',
        params,
        body: Undo,
        response: { 200: CameraSettingsView },
      },
      config: MAY_SET,
    },
    async (request) => {
      const of = request.params;
      await cameraRow(store.db, of);
      await undoCameraSettings(store, of, request.body, actorOf(request));
      sender.send(of);
      return view(of);
    },
  );

  server.post(
    `${PATH}/send`,
    {
      schema: {
        tags,
        operationId: 'sendCameraSettings',
        summary: 'Send its box the newest settings again, as after it has refused them',
        params,
        response: { 200: CameraSettingsView },
      },
      config: MAY_SET,
    },
    async (request) => {
      const of = request.params;
      await cameraRow(store.db, of);
      const newest = await newestSettings(store.db, of);
      if (newest === undefined)
        throw new Refusal('camera_settings_unset', `nothing was ever set of ${cameraKey(of)}`);
      await store.transaction(async (tx) => {
        await tx.db
          .updateTable('camera_settings')
          .set({ outcome: null, answered_at: null, code: null, reason: null })
          .where('id', '=', newest.id)
          .execute();
        const author = authorOf(actorOf(request));
        const subject = `camera:${cameraKey(of)}`;
        tx.audit({ ...author, action: 'camera.settings_sent', subject, after: { version: newest.version } });
      });
      sender.send(of);
      return view(of);
    },
  );

  server.get(
    `${PATH}.yaml`,
    {
      schema: {
        tags,
        operationId: 'exportCameraSettings',
        summary: "What counts for a camera, in the form of the agent's configuration file",
        params,
        response: { 200: answerOf({ 'application/yaml': PlainText }) },
      },
      config: { access: CITY, refuses: [404] },
    },
    async ({ params: of }, reply) => {
      const { state } = await saidOf(of);
      if (state === null)
        throw new Refusal('camera_unknown', `${cameraKey(of)} has not said yet what counts for it`);
      return reply
        .type('application/yaml')
        .header('content-disposition', `attachment; filename="${of.camera}.yaml"`)
        .send(cameraYaml(state));
    },
  );
}

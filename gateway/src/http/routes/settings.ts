/** The city's settings: what counts now, every version, changing and putting back. People only: these routes name no scope. */

import { Slug } from '@roadwatch/contract';
import {
  Recalculated,
  SETTINGS,
  SETTINGS_SECTIONS,
  SettingsOf,
  type SettingsSection,
  SettingsVersionPage,
  UndoSettings,
  UnitTrial,
} from '@roadwatch/contract/api';
import { type TSchema, Type } from 'typebox';
import { tryUnit } from '../../dispatch/trial.ts';
import { authorOf } from '../../identity/actor.ts';
import { Refusal } from '../../refusal.ts';
import { type Change, changeSettings, undoSettings } from '../../settings/change.ts';
import { settingsHistory, settingsView } from '../../settings/view.ts';
import { recalculateClocks } from '../../workflow/recalculate.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import { PageQuery } from '../schemas.ts';
import type { Server } from '../server.ts';
import { areaRoutes } from './settings-areas.ts';
import { operationsRoutes } from './settings-operations.ts';

/** A thousand units with all that may be said of them. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const config = { access: ['admin'] as const };

export function settingsRoutes(server: Server, parts: GatewayParts): void {
  for (const section of SETTINGS_SECTIONS) sectionRoutes(server, parts, section);
  areaRoutes(server, parts);
  operationsRoutes(server, parts);
  const { store, settings } = parts;

  server.post(
    '/api/settings/deadlines/recalculate',
    {
      schema: {
        tags: ['settings'],
        operationId: 'recalculateClocks',
        summary: 'Put running clocks under the deadlines and the calendar of now',
        response: { 200: Recalculated },
      },
      config,
    },
    async (request) => ({ clocks: await recalculateClocks(store, settings.config, actorOf(request)) }),
  );

  server.post(
    '/api/settings/units/:unit/test',
    {
      schema: {
        tags: ['settings'],
        operationId: 'testUnit',
        summary: "Send a trial order to a unit's own system; makes no ticket",
        params: Type.Object({ unit: Slug }),
        response: { 200: UnitTrial },
      },
      config: { ...config, refuses: [422], rateLimit: { max: 30, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const { unit: id } = request.params;
      const unit = settings.config.units.find((entry) => entry.id === id);
      if (unit === undefined) throw new Refusal('unit_unknown', `there is no unit ${id}`);
      const left = new AbortController();
      reply.raw.on('close', () => left.abort());
      const trial = await tryUnit(unit, settings.config, store.now(), left.signal);
      await store.transaction(async (tx) => {
        const author = authorOf(actorOf(request));
        tx.audit({ ...author, action: 'unit.tested', subject: `unit:${id}`, after: { ok: trial.ok } });
      });
      return trial;
    },
  );
}

function sectionRoutes(server: Server, { store, settings }: GatewayParts, section: SettingsSection): void {
  const name = `${section[0]?.toUpperCase()}${section.slice(1)}`;
  const path = `/api/settings/${section}`;
  const schema = { tags: ['settings'] };
  const View: TSchema = SettingsOf(`${name}Now`, SETTINGS[section].shown);

  server.get(
    path,
    {
      schema: {
        ...schema,
        operationId: `get${name}`,
        summary: `The ${section} of now`,
        response: { 200: View },
      },
      config,
    },
    async () => settingsView(store, section),
  );

  server.put(
    path,
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        ...schema,
        operationId: `change${name}`,
        summary: `Change the ${section}, from the version that was seen`,
        body: Type.Object(
          { version: Type.Integer({ minimum: 1 }), document: SETTINGS[section].sent as TSchema },
          { additionalProperties: false },
        ),
        response: { 200: View },
      },
      config: { ...config, refuses: [404, 409] },
    },
    async (request) => {
      const change = request.body as Change<typeof section>;
      await changeSettings(store, settings.config, section, change, actorOf(request));
      await settings.refresh();
      return settingsView(store, section);
    },
  );

  server.get(
    `${path}/versions`,
    {
      schema: {
        ...schema,
        operationId: `list${name}Versions`,
        summary: 'What was changed, by whom and when, the latest first',
        querystring: Type.Object(PageQuery),
        response: { 200: SettingsVersionPage },
      },
      config,
    },
    async ({ query }) => settingsHistory(store, section, query),
  );

  server.post(
    `${path}/undo`,
    {
      schema: {
        ...schema,
        operationId: `undo${name}`,
        summary: 'Put an earlier version back, as a new one',
        body: UndoSettings,
        response: { 200: View },
      },
      config: { ...config, refuses: [404, 409] },
    },
    async (request) => {
      await undoSettings(store, settings.config, section, request.body, actorOf(request));
      await settings.refresh();
      return settingsView(store, section);
    },
  );
}

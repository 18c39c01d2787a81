/** All routes of the gateway, each declared where it stands. */
import type { Registry } from 'prom-client';
import type { AgentCommands } from '../agents/commands.ts';
import type { PairingParts } from '../agents/pairing.ts';
import type { LiveRelay } from '../live/relay.ts';
import type { BoxSettingsSender } from '../settings/box/sender.ts';
import type { CameraSettingsSender } from '../settings/camera/sender.ts';
import type { GatewayParts } from './route-context.ts';
import { alertRoutes } from './routes/alerts.ts';
import { auditRoutes } from './routes/audit.ts';
import { backupRoutes } from './routes/backups.ts';
import { boxSettingsRoutes } from './routes/box-settings.ts';
import { cameraSettingsRoutes } from './routes/camera-settings.ts';
import { cameraRoutes } from './routes/cameras.ts';
import { consoleRoutes } from './routes/console.ts';
import { crewRoutes } from './routes/crew.ts';
import { crewPageRoutes } from './routes/crew-page.ts';
import { deskRoutes } from './routes/desk.ts';
import { dispatchRoutes } from './routes/dispatches.ts';
import { eventRoutes } from './routes/events.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { exportRoutes } from './routes/exports.ts';
import { figureRoutes } from './routes/figures.ts';
import { fleetRoutes } from './routes/fleet.ts';
import { type GatewayFigures, healthRoutes } from './routes/health.ts';
import { fieldRoutes } from './routes/inventory.ts';
import { liveRoutes } from './routes/live.ts';
import { mapRoutes } from './routes/map.ts';
import { noticeRoutes } from './routes/notices.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { open311Routes } from './routes/open311.ts';
import { pairingRoutes } from './routes/pairing.ts';
import { peopleRoutes } from './routes/people.ts';
import { refusedRoutes } from './routes/refused.ts';
import { sceneLookRoutes } from './routes/scene-looks.ts';
import { sessionRoutes } from './routes/session.ts';
import { settingsRoutes } from './routes/settings.ts';
import { ticketRoutes } from './routes/tickets.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { wallRoutes } from './routes/wall.ts';
import type { Server } from './server.ts';

export interface RouteParts extends Pick<PairingParts, 'authority' | 'broker'> {
  readonly parts: GatewayParts;
  readonly commands: Pick<AgentCommands, 'ask'>;
  readonly relay: LiveRelay;
  readonly cameraSettings: CameraSettingsSender;
  readonly boxSettings: BoxSettingsSender;
  readonly registry: Registry;
  readonly figures: GatewayFigures;
  /** Where the built console lies. */
  readonly consoleDir: string;
  /** The path under which browsers see the gateway, empty or such as `/roadwatch`. */
  readonly base: string;
  readonly uploadIdleMs?: number;
}

export async function registerRoutes(
  server: Server,
  {
    parts,
    commands,
    relay,
    cameraSettings,
    boxSettings,
    authority,
    broker,
    registry,
    figures,
    consoleDir,
    base,
    uploadIdleMs,
  }: RouteParts,
): Promise<void> {
  for (const routes of [
    sessionRoutes,
    oidcRoutes,
    tokenRoutes,
    settingsRoutes,
    peopleRoutes,
    auditRoutes,
    backupRoutes,
    refusedRoutes,
    alertRoutes,
    deskRoutes,
    ticketRoutes,
    sceneLookRoutes,
    noticeRoutes,
    dispatchRoutes,
    crewRoutes,
    open311Routes,
    fieldRoutes,
    fleetRoutes,
    mapRoutes,
    exportRoutes,
    figureRoutes,
    eventRoutes,
  ])
    routes(server, parts);
  crewPageRoutes(server, parts, uploadIdleMs);
  pairingRoutes(server, { store: parts.store, authority, broker }, parts.config.http);
  wallRoutes(server, parts, consoleDir);
  cameraRoutes(server, parts, commands);
  evidenceRoutes(server, parts, commands);
  cameraSettingsRoutes(server, parts, cameraSettings);
  boxSettingsRoutes(server, parts, boxSettings);
  liveRoutes(server, parts, relay);
  healthRoutes(server, parts, registry, figures);
  await consoleRoutes(server, consoleDir, base);
}

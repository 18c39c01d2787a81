/** The route table of a configuration: registered as at a start, with a store of its own that goes again, and served to nobody. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { AgentCommands } from '../agents/commands.ts';
import { toldToBoxes } from '../broker/trust.ts';
import { type Config, parseConfig } from '../config/config.ts';
import { folderEvidenceStore } from '../evidence/store.ts';
import { Thumbnails } from '../evidence/thumbnail.ts';
import { LiveRelay } from '../live/relay.ts';
import { openAuthority } from '../pki/authority.ts';
import { BoxSettingsSender } from '../settings/box/sender.ts';
import { CameraSettingsSender } from '../settings/camera/sender.ts';
import { Settings } from '../settings/settings.ts';
import { ChangeFeed } from '../store/change-feed.ts';
import { Store } from '../store/database.ts';
import type { RouteAccess } from './access.ts';
import { registerRoutes } from './register-routes.ts';
import { createMetrics } from './routes/health.ts';
import { createServer } from './server.ts';

/** Every route that can be, with what is optional switched on. */
export function fullConfig(): Config {
  const oidc = {
    issuer: 'https://identity.example',
    clientId: 'roadwatch',
    clientSecret: 'not used',
    roles: [{ claim: 'operators', role: 'operator' }],
  };
  const text = JSON.stringify({ dataDir: 'data', open311: { enabled: true }, oidc });
  return parseConfig(text, join(tmpdir(), 'routes.yaml'));
}

export async function listRoutes(config: Config, log: Logger): Promise<readonly RouteAccess[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'roadwatch-routes-'));
  const here = { ...config, dataDir };
  const store = await Store.open({ dataDir, log });
  const changes = await ChangeFeed.start(store, log);
  const evidence = folderEvidenceStore(dataDir);
  const settings = await Settings.read(store, here, log);
  const server = await createServer(here, store, log);
  const commands = new AgentCommands(() => {});
  const relay = new LiveRelay(commands, () => '', log);
  try {
    const authority = await openAuthority(dataDir, null, store.now());
    await registerRoutes(server, {
      parts: {
        config: here,
        settings,
        store,
        evidence,
        thumbnails: new Thumbnails(evidence, log),
        changes,
        log,
      },
      relay,
      commands,
      cameraSettings: new CameraSettingsSender(store, commands, log),
      boxSettings: new BoxSettingsSender(store, commands, log),
      authority,
      broker: toldToBoxes(here, authority, null),
      registry: createMetrics().registry,
      figures: { brokerConnected: () => false, folders: {} },
      consoleDir: dataDir,
      base: '',
    });
    await server.ready();
    return server.routeTable;
  } finally {
    relay.stop();
    commands.stop();
    await server.close();
    await changes.stop();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

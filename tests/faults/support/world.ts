/** Streets, a box, a broker and a gateway for one history, each as its own process but the streets, ended with the test. */

import type { RunningCamera } from '@roadwatch/simulator';
import { onTestFinished } from 'vitest';
import { potholeModel, streetCamera } from '../../agent/support/agent-box.ts';
import type { Random } from '../../support/random.ts';
import { type LineQuality, SlowLink } from '../../support/slow-link.ts';
import { AgentProcess, type AgentSetup, type CameraEntry } from './agent-process.ts';
import { historyFolder } from './folder.ts';
import { GatewayProcess, type GatewaySetup } from './gateway-process.ts';
import { Ledger } from './ledger.ts';
import { Mosquitto } from './mosquitto.ts';

export interface WorldOptions {
  readonly streets: number;
  /** By default the gateway's own. */
  readonly broker?: 'mosquitto';
  readonly gateway?: Omit<GatewaySetup, 'folder' | 'brokerUrl'>;
  readonly agent?: Partial<AgentSetup>;
  /** Between box and broker; by default there is nothing between them. */
  readonly line?: { readonly quality: LineQuality; readonly random: Random };
}

export interface World {
  readonly folder: string;
  readonly streets: readonly RunningCamera[];
  readonly broker: Mosquitto | null;
  readonly link: SlowLink | null;
  readonly gateway: GatewayProcess;
  readonly agent: AgentProcess;
  readonly ledger: Ledger;
  /** One camera for each street under a name that nobody has used, each of which shows its pothole. */
  freshCameras(name: string): readonly CameraEntry[];
}

/** The gateway runs; the agent does not yet. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const folder = historyFolder();
  const broker = options.broker === undefined ? null : await Mosquitto.start(folder);
  if (broker !== null) onTestFinished(() => broker.end('SIGKILL'));
  const gateway = await GatewayProcess.prepare({
    ...options.gateway,
    folder,
    ...(broker === null ? {} : { brokerUrl: broker.url }),
  });
  onTestFinished(() => gateway.close());
  await gateway.start();
  const brokerUrl = new URL(gateway.mqttUrl);
  const link = await startLink(Number(brokerUrl.port), options.line);
  if (link !== null) brokerUrl.port = String(link.port);
  const agent = new AgentProcess({
    folder,
    mqtt: {
      url: brokerUrl.href.replace(/\/$/, ''),
      ...(broker === null ? { password: gateway.password } : {}),
    },
    model: await potholeModel(),
    ...options.agent,
  });
  onTestFinished(async () => {
    await agent.end('SIGKILL');
  });
  const streets = await Promise.all(Array.from({ length: options.streets }, () => streetCamera()));
  const ledger = new Ledger(gateway, agent);
  return {
    ...{ folder, streets, broker, link, gateway, agent, ledger },
    freshCameras: (name) => {
      const cameras = streets.map(({ url }, index) => ({ id: `${name}-${index + 1}`, url }));
      for (const { id } of cameras) ledger.shows(id);
      return cameras;
    },
  };
}

async function startLink(broker: number, line: WorldOptions['line']): Promise<SlowLink | null> {
  if (line === undefined) return null;
  const link = await SlowLink.start(broker, line.quality, line.random);
  onTestFinished(() => link.stop());
  return link;
}

/** Streets, a box, a broker and a gateway for one history, each as its own process but the streets, ended with the test. */

import type { RunningCamera } from '@roadwatch/simulator';
import { onTestFinished } from 'vitest';
import { potholeModel, streetCamera } from '../../agent/support/agent-box.ts';
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
  /** Between box and broker: the port to which the box connects, for the broker's. */
  line?(brokerPort: number): Promise<number>;
}

export interface World {
  readonly folder: string;
  readonly streets: readonly RunningCamera[];
  readonly broker: Mosquitto | null;
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
  if (options.line !== undefined) brokerUrl.port = String(await options.line(Number(brokerUrl.port)));
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
    ...{ folder, streets, broker, gateway, agent, ledger },
    freshCameras: (name) => {
      const cameras = streets.map(({ url }, index) => ({ id: `${name}-${index + 1}`, url }));
      for (const { id } of cameras) ledger.shows(id);
      return cameras;
    },
  };
}

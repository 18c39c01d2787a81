/** Durable detections a second through the whole gateway: published by agents, committed, acknowledged to them. */
import { type GatewayProcess, SITE } from './gateway-process.ts';
import { detection, LoadAgent } from './load.ts';

const PER_AGENT = 4000;
const WARM_UP = 500;
const WINDOW = 200;
const CAMERAS = 16;
const PLACES = 8;

/** Of those that `ingestPerSecond` has published, all must be in the store once each. */
export async function checkStored(gateway: GatewayProcess): Promise<void> {
  const { stored } = await gateway.store.db
    .selectFrom('detections')
    .select((select) => select.fn.countAll<number>().as('stored'))
    .where('site', '=', SITE)
    .executeTakeFirstOrThrow();
  const published = gateway.passwords.size * (PER_AGENT + WARM_UP);
  if (Number(stored) !== published) throw new Error(`${stored} of ${published} detections are in the store`);
}

export async function ingestPerSecond(gateway: GatewayProcess): Promise<number> {
  const agents = await Promise.all(
    [...gateway.passwords].map(([name, password]) => LoadAgent.connect(gateway.mqttUrl, name, password)),
  );
  const run = async (count: number): Promise<number> => {
    const loads = agents.map((agent) =>
      Array.from({ length: count }, (_, n) => detection(agent.name, `camera-${n % CAMERAS}`, n % PLACES)),
    );
    const begin = performance.now();
    await Promise.all(agents.map((agent, index) => agent.publishAll(loads[index] ?? [], WINDOW)));
    return (agents.length * count) / ((performance.now() - begin) / 1000);
  };
  await run(WARM_UP);
  const rate = await run(PER_AGENT);
  for (const agent of agents) await agent.close();
  return rate;
}

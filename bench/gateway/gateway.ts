/** What the gateway takes in, how soon it is durable and seen, and how long pages take, on both stores in one run. */
import { startPostgres } from '../../gateway/testing/postgres.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { checkStored, ingestPerSecond } from './ingest.ts';
import { latency } from './latency.ts';
import { lists } from './lists.ts';
import { storePerSecond } from './store-ceiling.ts';

const AGENTS = ['edge-1', 'edge-2', 'edge-3', 'edge-4'];

interface Figures {
  readonly ingestPerSecond: number;
  readonly brokerCeiling: number;
  readonly storeCeiling: number;
  readonly publishToCommitP50Ms: number;
  readonly publishToCommitP99Ms: number;
  readonly publishToSseP95Ms: number;
  /** Of the slowest page. */
  readonly listP95Ms: number;
  readonly pagesP95Ms: Readonly<Record<string, number>>;
}

async function measure(brokerCeiling: number, storeUrl?: () => Promise<string>): Promise<Figures> {
  const during = async <T>(work: (gateway: GatewayProcess) => Promise<T>): Promise<T> => {
    const started = await startGatewayProcess(
      AGENTS,
      storeUrl === undefined ? {} : { storeUrl: await storeUrl() },
    );
    return work(started).finally(() => started.stop());
  };
  const [ingest, storeCeiling] = await during(async (loaded) => {
    const rate = await ingestPerSecond(loaded);
    await checkStored(loaded);
    return [rate, await storePerSecond(loaded)] as const;
  });
  const [delays, pages] = await during(async (quiet) => [await latency(quiet), await lists(quiet)] as const);
  return {
    ingestPerSecond: Math.round(ingest),
    brokerCeiling: Math.round(brokerCeiling),
    storeCeiling: Math.round(storeCeiling),
    publishToCommitP50Ms: round(delays.publishToCommitP50Ms),
    publishToCommitP99Ms: round(delays.publishToCommitP99Ms),
    publishToSseP95Ms: round(delays.publishToSseP95Ms),
    listP95Ms: round(Math.max(...Object.values(pages))),
    pagesP95Ms: Object.fromEntries(Object.entries(pages).map(([page, ms]) => [page, round(ms)])),
  };
}

export const gateway = {
  name: 'gateway',
  about: 'durable detections a second beside the ceilings, delays, and pages of a store of 1,000,000 alerts',
  async run() {
    const dropping = await startGatewayProcess(AGENTS, { brokerOnly: true });
    const brokerCeiling = await ingestPerSecond(dropping).finally(() => dropping.stop());
    const sqlite = await measure(brokerCeiling);
    const server = await startPostgres();
    let databases = 0;
    const postgres = await measure(brokerCeiling, () => server.create(`bench${++databases}`)).finally(() =>
      server.stop(),
    );
    const rows = Object.keys(sqlite)
      .filter((key) => key !== 'pagesP95Ms')
      .map((key) => [key, sqlite[key as keyof Figures] as number, postgres[key as keyof Figures] as number]);
    return {
      figures: { sqlite, postgres },
      table: [['', 'SQLite', 'PostgreSQL'], ...rows],
      notes: [
        `${AGENTS.length} agents in this process publish at QoS 1; a detection counts once its agent has the acknowledgement that follows the commit`,
        'brokerCeiling: the same broker and client, dropping everything; storeCeiling: the same batches without a broker',
        'publishToCommit is measured at the agent, up to the acknowledgement, at 20 detections a second; publishToSse up to the event in the browser',
        'listP95: the slowest of nine kinds of page, 25 pages deep, on 1,000,000 alerts and 100,000 tickets',
      ],
    };
  },
};

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

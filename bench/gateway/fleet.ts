/** How long a fleet takes to have what is set of it from one place, and a new model over poor lines. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RolloutDetail } from '@roadwatch/contract/api';
import { shippedModel } from '@roadwatch/models';
import { call, TestOperator } from '../../gateway/testing/operator.ts';
import { usageOf } from '../process-tree.ts';
import type { Bench } from '../report.ts';
import { percentile, rounded } from '../statistics.ts';
import { BYTES_PER_SECOND, FleetBox } from './fleet-box.ts';
import { type GatewayProcess, SITE, startGatewayProcess } from './gateway-process.ts';

const BOXES = Number(process.env.ROADWATCH_BENCH_BOXES ?? 2_000);
const MODEL_BYTES = 5_000_000;
/** Of whoever sets all boxes by a program. */
const CHANGES_AT_ONCE = 4;
const CONNECTS_AT_ONCE = 50;
/** What has not come by then does not come. */
const LIMIT_MS = 600_000;

export const fleet: Bench = {
  name: 'fleet',
  about: `${BOXES} boxes get new settings, and a model of ${MODEL_BYTES / 1e6} MB over ${BYTES_PER_SECOND / 1000} kB/s each`,
  async run() {
    const names = Array.from({ length: BOXES }, (_, at) => `box-${at + 1}`);
    const gateway = await startGatewayProcess(names, {
      role: 'admin',
      change: { fleet: { allowUnsigned: true } },
    });
    const { consoleUrl, operator } = gateway;
    const boxes: FleetBox[] = [];
    try {
      const admin = await TestOperator.login(consoleUrl, operator.username, operator.password);
      await inParallel(names, CONNECTS_AT_ONCE, async (name, at) => {
        const password = gateway.passwords.get(name) as string;
        const addresses = { mqttUrl: gateway.mqttUrl, filesUrl: consoleUrl };
        boxes[at] = await FleetBox.connect(addresses, name, password, at);
      });
      const settings = await setAll(gateway, admin, boxes);
      const model = await bringModel(gateway, admin, boxes);
      const row = (what: string, { p50S, p99S, lastS, lost, gatewayCores }: Reached) => [
        ...[what, p50S, p99S, lastS, lost, gatewayCores],
      ];
      return {
        figures: { boxes: BOXES, settings, model },
        table: [
          ['of all boxes', 'p50 s', 'p99 s', 'the last s', 'lost', 'cores of the gateway'],
          row('settings confirmed', settings),
          row('model whole and in use', model),
        ],
        notes: [
          `settings: one change of each box over the HTTP API, ${CHANGES_AT_ONCE} at a time, from the first request to each box's confirmation, two commands and two answers each; the last request was answered after ${settings.askedS} s`,
          `model: ${model.mebibytes} MiB in all from one gateway, every box at once; each file is cut off at a half and goes on from there; the line alone takes ${MODEL_BYTES / BYTES_PER_SECOND} s`,
          'boxes are connections in one process, which runs no model; gateway, boxes and SQLite share the machine',
        ],
      };
    } finally {
      await Promise.all(boxes.map((box) => box.close()));
      await gateway.stop();
    }
  },
};

interface Reached {
  readonly p50S: number;
  readonly p99S: number;
  readonly lastS: number;
  /** Boxes that do not have it, by themselves or by what the gateway knows. */
  readonly lost: number;
  readonly gatewayCores: number;
}

async function setAll({ pid, store }: GatewayProcess, admin: TestOperator, boxes: readonly FleetBox[]) {
  const before = usageOf(pid).cpuSeconds;
  const beganMs = performance.now();
  const all = whenAll(boxes, ({ confirmedAtMs }) => confirmedAtMs);
  await inParallel(boxes, CHANGES_AT_ONCE, async ({ name }) => {
    const path = `/api/agents/${SITE}/${name}/settings`;
    const { status, body } = await call(admin.base, 'PUT', path, {
      ...{ headers: admin.headers, body: { version: 0, document: { log: { level: 'debug' } } } },
    });
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
  });
  const askedS = rounded((performance.now() - beganMs) / 1000, 1);
  const times = await all;
  const reached = reachedOf(times, beganMs, usageOf(pid).cpuSeconds - before);
  const known = store.db.selectFrom('box_settings').select(({ fn }) => fn.countAll<number>().as('n'));
  const deadline = performance.now() + 10_000;
  for (;;) {
    const { n } = await known.where('outcome', '=', 'applied').executeTakeFirstOrThrow();
    const lost = Math.max(reached.lost, boxes.length - Number(n));
    if (lost === reached.lost || performance.now() > deadline) return { ...reached, lost, askedS };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function bringModel({ pid }: GatewayProcess, admin: TestOperator, boxes: readonly FleetBox[]) {
  const release = await upload(admin);
  const before = usageOf(pid).cpuSeconds;
  const beganMs = performance.now();
  const all = whenAll(boxes, ({ runsAtMs }) => runsAtMs);
  const wanted = { releaseId: release, mode: 'switch', targets: ['*/*'], percentAtOnce: 100 };
  const { status, body } = await admin.post('/api/rollouts', wanted);
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  const reached = reachedOf(await all, beganMs, usageOf(pid).cpuSeconds - before);
  const { counts } = (await admin.until(
    `/api/rollouts/${(body as RolloutDetail).id}`,
    ({ counts: { under_way: open } }) => open === 0 || reached.lost > 0,
  )) as RolloutDetail;
  const fetched = boxes.reduce((sum, { fetchedBytes }) => sum + fetchedBytes, 0);
  return {
    ...reached,
    lost: Math.max(reached.lost, boxes.length - counts.done),
    mebibytes: Math.round(fetched / 2 ** 20),
    cuts: boxes.reduce((sum, { cuts }) => sum + cuts, 0),
  };
}

/** The shipped model with as much beside it as makes it so large. Returns its id. */
async function upload(admin: TestOperator): Promise<string> {
  const folder = shippedModel();
  const files = new Map(
    ['model.onnx', 'manifest.json', 'MODEL_CARD.md'].map((name) => [name, readFileSync(join(folder, name))]),
  );
  const bytes = [...files.values()].reduce((sum, file) => sum + file.length, 0);
  files.set('ballast.bin', Buffer.alloc(Math.max(1, MODEL_BYTES - bytes)));
  const form = new FormData();
  for (const [name, file] of files) form.append('file', new Blob([file]), name);
  const response = await fetch(new URL('/api/releases', admin.base), {
    ...{ method: 'POST', headers: admin.headers, body: form },
  });
  const body = (await response.json()) as { readonly id: string };
  if (response.status !== 201) throw new Error(`${response.status} ${JSON.stringify(body)}`);
  return body.id;
}

/** When each of them had it; null for those that do not by the limit. */
function whenAll(
  boxes: readonly FleetBox[],
  at: (box: FleetBox) => number | null,
): Promise<readonly (number | null)[]> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      resolve(boxes.map(at));
    };
    const timer = setTimeout(finish, LIMIT_MS);
    for (const box of boxes) {
      box.onStep = () => {
        if (boxes.every((one) => at(one) !== null)) finish();
      };
      box.onFailed = (error) => {
        clearTimeout(timer);
        reject(error);
      };
    }
  });
}

function reachedOf(times: readonly (number | null)[], beganMs: number, cpuSeconds: number): Reached {
  const seconds = times.filter((at) => at !== null).map((at) => (at - beganMs) / 1000);
  const lastS = Math.max(...seconds);
  return {
    p50S: rounded(percentile(seconds, 0.5), 1),
    p99S: rounded(percentile(seconds, 0.99), 1),
    lastS: rounded(lastS, 1),
    lost: times.length - seconds.length,
    gatewayCores: rounded(cpuSeconds / lastS, 2),
  };
}

async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, at: number) => Promise<void>,
): Promise<void> {
  const left = items.entries();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [at, item] of left) await work(item, at);
    }),
  );
}

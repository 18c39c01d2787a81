/** An operator who confirms what comes, and the clocks that run from then on: whether each step fired once, and when. */
import { TestBureau } from '../../../gateway/testing/bureau.ts';
import { TestOperator } from '../../../gateway/testing/operator.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { OPERATOR } from './gateway-process.ts';
import type { Deadlines } from './outcome.ts';
import { percentile } from './percentile.ts';

/** What a configuration of the gateway says so that its clocks run out within a history: steps after 6, 9.6, 12 and 18 s. */
export async function hurriedClocks(): Promise<object> {
  const bureau = await TestBureau.start();
  return {
    units: [bureau.unit],
    dispatch: { recallSeconds: 1 },
    clocks: { responseMinutes: 0.2, sceneLookMinutes: 0.1 },
  };
}

/** The alerts of these cameras become tickets. Throws when the gateway does not let them. */
export async function confirm({ url }: GatewayProcess, cameras: readonly string[]): Promise<void> {
  const operator = await TestOperator.login(url, OPERATOR.username, OPERATOR.password);
  const { items } = (await operator.get('/api/alerts?state=new&limit=200')).body;
  for (const { id, camera } of items) {
    if (!cameras.includes(camera)) continue;
    const { status } = await operator.post(`/api/alerts/${id}/confirm`);
    if (status !== 200) throw new Error(`alert of ${camera} not confirmed: ${status}`);
  }
}

/** `wrong`: a sentence for each step that fired twice or early. */
export async function deadlinesOf({
  store,
}: GatewayProcess): Promise<{ readonly deadlines: Deadlines; readonly wrong: readonly string[] }> {
  const rows = await store.db.selectFrom('clock_log').selectAll().where('event', '=', 'rung').execute();
  const steps = rows.map(({ clock_id, at, data }) => {
    const { percent, noticedAt } = JSON.parse(data) as { percent: number; noticedAt: number };
    return { name: `clock ${clock_id} at ${percent} %`, lateMs: noticedAt - at };
  });
  const early = steps.filter(({ lateMs }) => lateMs < 0);
  const names = Map.groupBy(steps, ({ name }) => name);
  const doubled = [...names].filter(([, same]) => same.length > 1);
  const late = steps.map(({ lateMs }) => lateMs);
  return {
    deadlines: {
      ...{ fired: steps.length, early: early.length, doubled: doubled.length },
      lateP99Ms: percentile(late, 0.99),
    },
    wrong: [
      ...early.map(({ name, lateMs }) => `${name} fired ${-lateMs} ms early`),
      ...doubled.map(([name, same]) => `${name} fired ${same.length} times`),
    ],
  };
}

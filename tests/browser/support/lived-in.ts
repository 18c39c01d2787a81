/**
 * A gateway as it looks after some weeks of use: a city with cameras, alerts that wait, tickets at every step, a month of figures, a
 * wall, a crew's link, and somebody in each role. What is to be looked at on every page is looked at here.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shippedModel } from '@roadwatch/models';
import { Store } from '../../../gateway/src/store/database.ts';
import { SECRET } from '../../../gateway/testing/bureau.ts';
import { september, UNITS } from '../../../gateway/testing/history.ts';
import { TestOperator } from '../../../gateway/testing/operator.ts';
import { formOf } from '../../fleet/support/release.ts';
import { addCameras, cityCamera, cityMapFile } from './city.ts';
import { AGENT_NAME, FieldAgent } from './field-agent.ts';
import { type RunningGateway, startGateway } from './gateway.ts';
import { holeBox, SIZE, streetPicture } from './street-picture.ts';

export type Role = 'admin' | 'shift_lead' | 'operator' | 'inspector' | 'viewer' | 'unit';

export interface LivedIn {
  readonly gateway: RunningGateway;
  readonly logins: Readonly<Record<Role, RunningGateway['login']>>;
  /** The page of a ticket that is under way, and of one that its camera has proven. */
  readonly tickets: { readonly underWay: string; readonly proven: string };
  /** Path of a wall with its token, and of a crew's page. */
  readonly wall: string;
  readonly crew: string;
  stop(): Promise<void>;
}

/** Steps of a ticket after its dispatch, one list for each ticket. */
const STEPS: readonly (readonly string[])[] = [
  ['accept', 'arrive', 'repair'],
  [],
  ['accept'],
  ['accept', 'arrive'],
  ['accept', 'arrive', 'make_safe'],
];
const WAITING = 5;
const CAMERAS = 100;
/** Of those of the agent that the test speaks for. */
const FIRST_CAMERA = 50;

export async function startLivedIn(): Promise<LivedIn> {
  const [dataDir, city] = await Promise.all([mkdtemp(join(tmpdir(), 'roadwatch-lived-in-')), cityMapFile()]);
  const clear = async (): Promise<void> => {
    await Promise.all([city.end(), rm(dataDir, { recursive: true, force: true })]);
  };
  const gateway = await startGateway({
    dataDir,
    units: UNITS,
    map: { file: city.file },
    dispatch: { recallSeconds: 0 },
    inspection: { afterMinutes: 0 },
    // Nobody listens there.
    operations: { webhook: { url: 'http://127.0.0.1:9/told', secret: SECRET } },
    fleet: { allowUnsigned: true },
  }).catch(async (error) => {
    await clear();
    throw error;
  });
  const agent = await FieldAgent.connect(gateway.mqttUrl, await gateway.addAgent(AGENT_NAME));
  const stop = async (): Promise<void> => {
    await agent.end();
    await gateway.stop();
    await clear();
  };
  try {
    return { gateway, ...(await live(gateway, agent, dataDir)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function live(gateway: RunningGateway, agent: FieldAgent, dataDir: string) {
  await addCameras(gateway.file, CAMERAS);
  agent.streams = false;
  agent.afterRepair = { ...agent.afterRepair, picture: await streetPicture(31) };
  const since = new Date().toISOString();
  await agent.status(3, 'online', [{ code: 'disk_full', detail: 'no space left on device (ENOSPC)', since }]);
  const admin = await TestOperator.login(gateway.consoleUrl, gateway.login.username, gateway.login.password);

  let seen = 0;
  const sees = async (): Promise<void> => {
    const seed = seen++;
    const { camera, name, position } = cityCamera(FIRST_CAMERA + seed);
    await agent.camera(camera, name, { position });
    const picture = await streetPicture(seed);
    await agent.sees({ camera, damageClass: 'pothole', box: holeBox(seed), picture, size: SIZE, position });
  };
  const tickets: string[] = [];
  for (const commands of STEPS) {
    await sees();
    const ticket = await admin.dispatch();
    for (const command of commands) {
      const { status, body } = await admin.post(`${ticket}/transitions`, { command });
      if (status !== 200) throw new Error(`${command}: ${status} ${JSON.stringify(body)}`);
    }
    tickets.push(ticket.replace('/api', ''));
  }
  await admin.until(`/api${tickets[0]}`, ({ inspections }) => inspections.at(-1)?.state === 'done');
  await Promise.all(Array.from({ length: WAITING }, sees));
  await agent.saysNonsense('cam-50');
  await pastMonth(dataDir, admin);
  await admin.post('/api/tokens', {
    name: 'city-map',
    scopes: ['alerts:read'],
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  });
  await handOut(admin);
  const wall = (await admin.post('/api/walls', { name: 'lobby' })).body.path as string;
  const link = (await admin.post(`/api${tickets[2]}/crew-link`, {})).body.url as string;

  const logins: Record<string, RunningGateway['login']> = { admin: gateway.login };
  for (const role of ['shift_lead', 'operator', 'inspector', 'viewer', 'unit'] as const) {
    const unitId = role === 'unit' ? UNITS[0]?.id : null;
    const username = `the.${role.replace('_', '.')}`;
    const { status, body } = await admin.post('/api/users', { username, role, unitId });
    if (status !== 201) throw new Error(`${username}: ${status} ${JSON.stringify(body)}`);
    logins[role] = body;
  }
  return {
    logins: logins as LivedIn['logins'],
    tickets: { proven: tickets[0] as string, underWay: tickets[3] as string },
    wall,
    crew: new URL(link).pathname,
  };
}

/** A model that a box has been told of. */
async function handOut(admin: TestOperator): Promise<void> {
  const answer = await fetch(new URL('/api/releases', admin.base), {
    method: 'POST',
    headers: admin.headers,
    body: await formOf(shippedModel()),
  });
  const release = (await answer.json()) as { readonly id: string };
  const terms = { targets: ['*/*'], atOnce: 1, maxFailures: 0, terms: { trialMinutes: 30 } };
  const { status, body } = await admin.post('/api/rollouts', {
    ...terms,
    ...{ releaseId: release.id, mode: 'switch' },
  });
  if (status !== 201) throw new Error(`handing out: ${status} ${JSON.stringify(body)}`);
}

/** Without the alert of then that nobody has judged: it has no picture, and would be at hand before all others. */
async function pastMonth(dataDir: string, admin: TestOperator): Promise<void> {
  const store = await Store.open({ dataDir });
  await september(store).finally(() => store.close());
  const { items } = (await admin.get('/api/alerts?state=new&limit=50')).body;
  for (const { id, evidence } of items)
    if (evidence.length === 0) await admin.post(`/api/alerts/${id}/reject`, { reason: 'other' });
}

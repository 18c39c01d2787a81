/** A gateway that hands out releases, somebody at its console, and boxes with a real agent each. */
import { join } from 'node:path';
import type { RolloutDetail } from '@roadwatch/contract/api';
import { registerAgent } from '../../../gateway/src/agents/registry.ts';
import type { Settings } from '../../../gateway/testing/config.ts';
import { type TestGateway, testGateway } from '../../../gateway/testing/gateway.ts';
import type { TestOperator } from '../../../gateway/testing/operator.ts';
import { type AgentBox, startBox } from '../../agent/support/agent-box.ts';
import { formOf, modelFolder, type SigningKey, signingKey } from './release.ts';

export interface TestFleet {
  readonly gateway: TestGateway;
  readonly admin: TestOperator;
  readonly key: SigningKey;
  /** The id of the release. */
  upload(folder: string): Promise<string>;
  /** Begins a rollout to all boxes; what is left out is quick. */
  rollout(releaseId: string, change?: object): Promise<string>;
  /** Resolves once the rollout is as wanted; the test's own limit ends it otherwise. */
  until(id: string, wanted: (rollout: RolloutDetail) => boolean): Promise<RolloutDetail>;
  /** Registers a box. Returns what its agent's configuration has to say, with its password. */
  register(agent: string): Promise<object>;
}

/** Quick enough for a test: the trial is a matter of a second. */
export const TERMS = { trialMinutes: 0.02, maxSlowdown: 100, maxJump: 3 };
/** Every frame is looked at. */
const LIVELY = { gate: { maxSkipSeconds: 0 } };

export async function testFleet(settings: Settings = {}): Promise<TestFleet> {
  const key = await signingKey();
  const gateway = await testGateway({ fleet: { keyFiles: [key.publicFile] }, ...settings });
  const admin = await gateway.operator('admin');
  return {
    gateway,
    admin,
    key,
    upload: async (folder) => {
      const response = await fetch(new URL('/api/releases', gateway.url), {
        method: 'POST',
        headers: admin.headers,
        body: await formOf(folder),
      });
      const body = (await response.json()) as { id: string };
      if (response.status !== 201) throw new Error(`${response.status} ${JSON.stringify(body)}`);
      return body.id;
    },
    rollout: async (releaseId, change = {}) => {
      const wanted = { releaseId, mode: 'switch', targets: ['*/*'], terms: TERMS, ...change };
      const { status, body } = await admin.post('/api/rollouts', wanted);
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
      return body.id;
    },
    until: (id, wanted) => admin.until(`/api/rollouts/${id}`, wanted),
    register: async (agent) => {
      const password = await registerAgent(await gateway.store(), { site: 'site', agent });
      return {
        agent,
        mqtt: { url: gateway.mqttUrl, password },
        gateway: { url: gateway.url },
        updates: { keyFiles: [key.publicFile] },
        ...LIVELY,
      };
    },
  };
}

/** A box with the first version of the model, whose agent runs in this process. */
export async function fleetBox(
  fleet: TestFleet,
  folder: string,
  camera: object,
  { agent = 'box', change = {} }: { readonly agent?: string; readonly change?: object } = {},
): Promise<AgentBox> {
  const settings = { ...(await fleetSettings(fleet, agent)), ...change };
  return startBox(join(folder, agent), fleet.gateway.mqttUrl, camera, settings);
}

/** What the configuration of such a box has to say; it may be started anew with it. */
export async function fleetSettings(fleet: TestFleet, agent = 'box'): Promise<object> {
  return { ...(await fleet.register(agent)), model: await modelFolder({ version: '1' }) };
}

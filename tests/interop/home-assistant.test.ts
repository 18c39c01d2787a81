/** What Home Assistant is told of a box by its MQTT device discovery, at a real broker: by the keys that its documentation has. */
import { spawnSync } from 'node:child_process';
import { agentTopics } from '@roadwatch/contract';
import type { Alert } from '@roadwatch/contract/api';
import { connectAsync, type MqttClient } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { discoveryMessages } from '../../agent/src/status/discovery.ts';
import { sampleDetection } from '../../gateway/testing/agent.ts';
import { boxSettings, potholeModel, startBoxOfFile, streetCamera } from '../agent/support/agent-box.ts';
import { slowLine } from '../agent/support/slow-line.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { temporaryFolder } from '../support/temp.ts';

/** home-assistant.io/integrations/mqtt, "Device discovery payload", and the pages of the two integrations. */
const OF_DEVICE = [
  'device',
  'origin',
  'components',
  'availability',
  'availability_mode',
  'state_topic',
  'qos',
];
const IN_DEVICE = [
  ...['identifiers', 'connections', 'name', 'manufacturer', 'model', 'model_id', 'hw_version', 'sw_version'],
  ...['serial_number', 'suggested_area', 'configuration_url', 'via_device'],
];
const IN_ORIGIN = ['name', 'sw_version', 'support_url'];
const OF_ENTITY = [
  ...['platform', 'unique_id', 'name', 'state_topic', 'value_template', 'device_class', 'entity_category'],
  ...[
    'json_attributes_topic',
    'json_attributes_template',
    'availability',
    'icon',
    'qos',
    'enabled_by_default',
  ],
];
const BY_PLATFORM: Readonly<Record<string, readonly string[]>> = {
  binary_sensor: [...OF_ENTITY, 'payload_on', 'payload_off', 'off_delay', 'expire_after'],
  sensor: [...OF_ENTITY, 'unit_of_measurement', 'state_class', 'expire_after', 'options'],
};

interface Discovery {
  readonly device: {
    readonly identifiers: readonly string[];
    readonly name: string;
    readonly via_device?: string;
  };
  readonly origin: { readonly name: string };
  readonly components: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What is retained under a topic, as it is now. */
class Retained {
  readonly #client: MqttClient;
  readonly #texts = new Map<string, string>();

  static async of(url: string, filter: string): Promise<Retained> {
    const client = await connectAsync(url);
    onTestFinished(() => client.endAsync(true));
    const retained = new Retained(client);
    await client.subscribeAsync(filter, { qos: 1 });
    return retained;
  }

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload) => {
      if (payload.length === 0) this.#texts.delete(topic);
      else this.#texts.set(topic, payload.toString());
    });
  }

  /** Resolves with the topics once there are just these. */
  async until(topics: readonly string[]): Promise<ReadonlyMap<string, string>> {
    while ([...this.#texts.keys()].sort().join() !== [...topics].sort().join())
      await new Promise((resolve) => this.#client.once('message', resolve));
    return this.#texts;
  }
}

const topicOf = (id: string, prefix = 'homeassistant'): string => `${prefix}/device/${id}/config`;
const BOX = topicOf('roadwatch_site_box');
const ONE = topicOf('roadwatch_site_box_camera-1');
const TWO = topicOf('roadwatch_site_box_camera-2');

function unknownKeys(value: object, known: readonly string[]): readonly string[] {
  return Object.keys(value).filter((key) => !known.includes(key));
}

test('Home Assistant finds the box and its cameras in retained messages, and what goes or is switched off is taken back', async () => {
  const url = `mqtt://127.0.0.1:${await startMosquitto()}`;
  const street = await streetCamera();
  const model = await potholeModel();
  const camera = (id: string) => ({ id, name: { en: `Street ${id}`, zh: `街道 ${id}` }, url: street.url });
  const settings = (cameras: readonly string[], homeAssistant: object): object =>
    boxSettings(url, {}, { model, cameras: cameras.map(camera), homeAssistant });
  const folder = await temporaryFolder();
  const box = await startBoxOfFile(folder, settings(['camera-1', 'camera-2'], { enabled: true }));

  const texts = await (await Retained.of(url, 'homeassistant/#')).until([BOX, ONE, TWO]);
  const [ofBox, ofOne] = [BOX, ONE].map((topic) => JSON.parse(texts.get(topic) as string) as Discovery);
  for (const { device, origin, components, ...more } of [ofBox, ofOne] as readonly Discovery[]) {
    expect([
      unknownKeys(more, OF_DEVICE),
      unknownKeys(device, IN_DEVICE),
      unknownKeys(origin, IN_ORIGIN),
    ]).toEqual([...[[], [], []]]);
    for (const component of Object.values(components))
      expect(unknownKeys(component, BY_PLATFORM[component.platform as string] ?? [])).toEqual([]);
  }
  expect(ofBox?.components.connection).toMatchObject({
    platform: 'binary_sensor',
    device_class: 'connectivity',
  });
  expect(ofOne?.device).toMatchObject({ name: 'Street camera-1', via_device: ofBox?.device.identifiers[0] });
  expect(ofOne?.components).toMatchObject({
    problem: { platform: 'binary_sensor', device_class: 'problem' },
    last_detection: { platform: 'sensor' },
  });
  const ids = [ofBox, ofOne].flatMap((of) =>
    Object.values(of?.components ?? {}).map(({ unique_id }) => unique_id),
  );
  expect(new Set(ids).size).toBe(3);
  // Where it is sent to look there is something, said before it looked.
  const state = ofOne?.components.problem?.state_topic as string;
  expect(
    JSON.parse((await (await Retained.of(url, state)).until([state])).get(state) as string),
  ).toMatchObject({
    camera: 'camera-1',
  });

  const seen = await Retained.of(url, '+/device/#');
  box.write(settings(['camera-1'], { enabled: true, prefix: 'other', language: 'zh' }));
  const moved = ['roadwatch_site_box', 'roadwatch_site_box_camera-1'].map((id) => topicOf(id, 'other'));
  const now = await seen.until(moved);
  expect((JSON.parse(now.get(moved[1] as string) as string) as Discovery).device.name).toBe('街道 camera-1');

  // Switched off while it does not run.
  await box.agent.stop();
  const status = ofBox?.components.connection?.state_topic as string;
  expect(
    JSON.parse((await (await Retained.of(url, status)).until([status])).get(status) as string),
  ).toMatchObject({
    state: 'offline',
  });
  await startBoxOfFile(folder, settings(['camera-1'], { enabled: false }));
  await seen.until([]);
  await (await Retained.of(url, 'homeassistant/#')).until([]);
}, 120_000);

/** What Home Assistant makes of a message: by Jinja2 in its sandbox, as it does itself. */
const RENDER = `
import json, sys
from jinja2.sandbox import ImmutableSandboxedEnvironment
asked = json.load(sys.stdin)
environment = ImmutableSandboxedEnvironment()
values = {'value': asked['payload'], 'value_json': json.loads(asked['payload'])}
print(environment.from_string(asked['template']).render(**values))
`;

function rendered(template: string | undefined, payload: object): string {
  const input = JSON.stringify({ template, payload: JSON.stringify(payload) });
  const { status, stdout, stderr } = spawnSync('python3', ['-c', RENDER], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

const hasJinja = spawnSync('python3', ['-c', 'import jinja2']).status === 0;

test.skipIf(!hasJinja)('its templates read what the agent says', () => {
  const topics = agentTopics('site', 'box');
  const cameras = [{ id: 'camera-1', name: { en: 'One', zh: '一' } }];
  const of = { site: 'site', agent: 'box', version: '1', prefix: 'homeassistant', language: 'en' } as const;
  const messages = discoveryMessages({ ...of, topics, cameras });
  const { problem, last_detection: last } = (messages.get(ONE) as Discovery).components;
  const said = (state: object, key = 'value_template') => rendered(problem?.[key], state);
  expect(said({ state: 'streaming' })).toBe('OFF');
  expect(said({ state: 'dark', faults: [] })).toBe('OFF');
  expect(said({ state: 'stalled', reason: 'away' })).toBe('ON');
  const dirty = { state: 'streaming', faults: [{ code: 'lens_dirty', detail: "it isn't sharp" }] };
  expect(said(dirty)).toBe('ON');
  expect(JSON.parse(said(dirty, 'json_attributes_template'))).toEqual({
    ...{ state: 'streaming', reason: null, faults: ['lens_dirty'] },
  });
  const detection = sampleDetection();
  expect(rendered(last?.value_template, detection)).toBe(detection.damageClass);
  expect(JSON.parse(rendered(last?.json_attributes_template, detection))).toMatchObject({
    ...{ id: detection.id, event: detection.event, score: detection.score },
  });
});

test('a broker that takes no such messages is not asked again and again, and all else goes on', async () => {
  const { gateway, link, password } = await slowLine({});
  const street = await streetCamera();
  const mqtt = { url: `mqtt://127.0.0.1:${link.port}`, username: 'site/box', password };
  const settings = { model: await potholeModel(), mqtt, homeAssistant: { enabled: true } };
  const box = await startBoxOfFile(await temporaryFolder(), boxSettings('', { url: street.url }, settings));
  await box.line('Home Assistant cannot be told');
  const connected = (): number => box.lines.filter(({ msg }) => msg === 'broker connected').length;
  const before = connected();
  const said = async () =>
    (await (await fetch(`${box.agent.healthUrl}/status`)).json()) as {
      readonly troubles: readonly { readonly code: string }[];
    };
  expect((await said()).troubles.map(({ code }) => code)).toContain('home_assistant_refused');
  // By the time that its clip has come, every connection would have been ended again.
  const operator = await gateway.operator('operator');
  await operator.until('/api/alerts?state=new', ({ items }) =>
    (items as readonly Alert[]).some(({ evidence }) =>
      evidence.some(({ kind, available }) => kind === 'clip' && available),
    ),
  );
  expect(connected()).toBe(before);

  // Nothing was told, so nothing is taken back.
  box.write(boxSettings('', { url: street.url }, { ...settings, homeAssistant: { enabled: false } }));
  await expect.poll(async () => (await said()).troubles, { timeout: 60_000 }).toEqual([]);
  expect(connected()).toBe(before);
}, 180_000);

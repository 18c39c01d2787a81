import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { isSame, isSameStream, restartProblems, versionOf } from './changes.ts';
import { parseConfig, type ResolvedConfig } from './config.ts';
import type { CameraConfig } from './schema.ts';

const camera = {
  id: 'north',
  name: { en: 'North', zh: '北' },
  url: 'rtsp://10.0.0.5/main',
  username: 'admin',
};
const settings = {
  site: 'binjiang',
  agent: 'edge-1',
  dataDir: 'data',
  model: '.',
  mqtt: { url: 'mqtt://127.0.0.1:1883', password: 'first' },
  cameras: [{ ...camera, password: 'first' }],
};

function read(value: object): ResolvedConfig {
  return parseConfig(stringify(value), 'agent.yaml', {});
}
const first = read(settings);
const withCamera = (change: object): ResolvedConfig =>
  read({ ...settings, cameras: [{ ...settings.cameras[0], ...change }] });

test('the order in which settings are written is none of their changes', () => {
  const turned = read(Object.fromEntries(Object.entries(settings).reverse()));
  expect(isSame(first, turned)).toBe(true);
  expect(versionOf(turned)).toBe(versionOf(first));
});

test('another password is a change, and cannot be guessed from the version', () => {
  const other = withCamera({ password: 'second' });
  expect(isSame(first, other)).toBe(false);
  expect(versionOf(other)).toBe(versionOf(first));
  expect(versionOf(withCamera({ farPass: true }))).not.toBe(versionOf(first));
});

test.each([
  ['another password', { password: 'second' }, false],
  ['another address', { url: 'rtsp://10.0.0.6/main' }, false],
  ['another transport', { transport: 'udp' }, false],
  ['another name', { name: { en: 'South', zh: '南' } }, true],
  ['another threshold', { thresholds: { pothole: 0.7 } }, true],
])('%s: whether the stream is the same', (_, change, same) => {
  const [before, after] = [first, withCamera(change)].map(({ cameras }) => cameras[0] as CameraConfig);
  expect(isSameStream(before as CameraConfig, after as CameraConfig)).toBe(same);
});

test.each([
  ['the broker', { mqtt: { url: 'mqtt://10.0.0.2:1883', password: 'first' } }, ['mqtt.url']],
  ['another broker', { mqtt: { ...settings.mqtt, fallbackUrls: ['mqtt://b'] } }, ['mqtt.fallbackUrls']],
  ['its password', { mqtt: { ...settings.mqtt, password: 'second' } }, ['mqtt.password']],
  ['who it is', { agent: 'edge-2', mqtt: { ...settings.mqtt, username: 'x' } }, ['agent', 'mqtt.username']],
  ['where data lie', { dataDir: 'elsewhere', ring: { dir: 'data/ring' } }, ['dataDir']],
  [
    'how it listens',
    { health: { port: 1 }, inference: { threads: 2 } },
    ['inference.threads', 'health.port'],
  ],
  ['rules and budgets', { verify: { minLooks: 9 }, ring: { seconds: 60 }, log: { level: 'debug' } }, []],
])('%s: which keys need a restart', (_, change, keys) => {
  const problems = restartProblems(first, read({ ...settings, ...change }));
  expect(problems.map((problem) => problem.slice(0, problem.indexOf(':')))).toEqual(keys);
});

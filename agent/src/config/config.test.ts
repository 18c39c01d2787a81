import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ConfigError, parseConfig, readConfig } from './config.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roadwatch-config-'));
  writeFileSync(join(folder, 'secret'), 'p@ss/word\n');
});

const camera = { id: 'north', name: { en: 'North', zh: '北' }, url: 'rtsp://10.0.0.5/main' };
const minimal = {
  site: 'binjiang',
  agent: 'edge-1',
  dataDir: 'data',
  model: '.',
  mqtt: { url: 'mqtt://127.0.0.1:1883' },
  cameras: [camera],
};

function load(value: unknown, env: NodeJS.ProcessEnv = {}) {
  return parseConfig(stringify(value), join(folder, 'agent.yaml'), env);
}

test('a short file is enough: the rest has defaults and paths are taken from the file’s folder', () => {
  const config = load(minimal);
  expect(config.dataDir).toBe(join(folder, 'data'));
  expect(config.ring.dir).toBe(join(folder, 'data', 'ring'));
  expect(config.mqtt.username).toBe('binjiang/edge-1');
  expect(config.verify.minSeconds).toBe(4);
  expect(config.health.host).toBe('127.0.0.1');
  expect(config.cameras[0]?.transport).toBe('tcp');
});

test('secrets come from a file or the environment and end up in the address, escaped', () => {
  const config = load(
    {
      ...minimal,
      mqtt: { url: 'mqtt://h', password: '${' + 'MQTT_PASSWORD}' },
      cameras: [{ ...camera, username: 'admin', passwordFile: 'secret' }],
    },
    { MQTT_PASSWORD: 'from-env' },
  );
  expect(config.mqtt.password?.reveal()).toBe('from-env');
  expect(config.cameras[0]?.url.reveal()).toBe('rtsp://admin:p%40ss%2Fword@10.0.0.5/main');
});

test('a broker that stands in is shown the same login, but where its address holds another', () => {
  const fallbackUrls = ['mqtts://b:8883', 'mqtts://other:its%20own@c'];
  const { mqtt } = load({ ...minimal, mqtt: { url: 'mqtt://a', fallbackUrls } });
  expect(
    [mqtt, ...mqtt.fallbackUrls].map((one) => [one.url.reveal(), one.username, one.password?.reveal()]),
  ).toEqual([
    ['mqtt://a', 'binjiang/edge-1', undefined],
    ['mqtts://b:8883', 'binjiang/edge-1', undefined],
    ['mqtts://c', 'other', 'its own'],
  ]);
  expect(JSON.stringify(mqtt)).not.toContain('its');
  const twice = { url: 'mqtt://a', username: 'x', fallbackUrls: ['mqtt://y:z@b', 'mqtt://b:0'] };
  expect(() => load({ ...minimal, mqtt: twice })).toThrow(
    /fallbackUrls\[0\]: holds a user name[\s\S]*fallbackUrls\[1\]: names port 0/,
  );
});

test('a proxy has its login from a file, shows it nowhere, and takes websockets alone', () => {
  const login = { proxy: 'http://10.0.0.1:3128', proxyUsername: 'box', proxyPasswordFile: 'secret' };
  const { mqtt } = load({ ...minimal, mqtt: { url: 'wss://a/mqtt', ...login } });
  expect(mqtt.proxy?.reveal()).toBe('http://box:p%40ss%2Fword@10.0.0.1:3128/');
  expect(JSON.stringify(mqtt)).not.toContain('word');
  for (const [given, wrong] of [
    [{ url: 'mqtts://a', ...login }, /mqtt\.url: cannot go through mqtt\.proxy/],
    [{ url: 'wss://a', fallbackUrls: ['mqtts://b'], ...login }, /fallbackUrls\[0\]: cannot go through/],
    [{ url: 'wss://a', proxyUsername: 'box' }, /mqtt\.proxy: is missing/],
    [{ url: 'wss://a', ...login, proxyUsername: undefined }, /there is a password, but no proxyUsername/],
    [{ url: 'wss://a', proxy: 'https://10.0.0.1' }, /mqtt\.proxy: .*http:\/\//],
  ] as const)
    expect(() => load({ ...minimal, mqtt: given })).toThrow(wrong);
});

describe('what cannot be used is refused with the field, the value and what is allowed', () => {
  const cases: [name: string, value: unknown, message: RegExp][] = [
    ['a missing key', { ...minimal, site: undefined }, /site: is missing; expected lower-case letters/],
    [
      'a wrong name',
      { ...minimal, site: 'Bin Jiang' },
      /site: "Bin Jiang" is not allowed; expected lower-case/,
    ],
    ['a mistyped key', { ...minimal, datadir: 'x' }, /datadir: unknown key; did you mean dataDir\?/],
    ['an unknown key', { ...minimal, colour: 1 }, /colour: unknown key; known here: site, agent/],
    [
      'a number out of range',
      { ...minimal, health: { port: 70000 } },
      /health\.port: 70000 .* from 0 to 65535/,
    ],
    [
      'a choice that does not exist',
      { ...minimal, cameras: [{ ...camera, transport: 'http' }] },
      /cameras\[0\]\.transport: "http" is not allowed; expected tcp, udp/,
    ],
    [
      'an address that is no camera',
      { ...minimal, cameras: [{ ...camera, url: 'file:///etc/passwd' }] },
      /cameras\[0\]\.url: .*rtsp:\/\//,
    ],
    [
      'a polygon of two corners',
      {
        ...minimal,
        cameras: [
          {
            ...camera,
            road: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      },
      /cameras\[0\]\.road: has 2 entries; expected a list of 3 to 64/,
    ],
    [
      'a corner outside the picture',
      {
        ...minimal,
        cameras: [
          {
            ...camera,
            masks: [
              [
                [0, 0],
                [2, 0],
                [0, 1],
              ],
            ],
          },
        ],
      },
      /cameras\[0\]\.masks\[0\]\[1\]\[0\]: 2 is not allowed; expected a number from 0 to 1/,
    ],
    [
      'a variable that is not set',
      { ...minimal, mqtt: { url: 'mqtt://h', password: '${' + 'NOWHERE}' } },
      /mqtt\.password: the environment variable NOWHERE is not set/,
    ],
    ['a model that is not there', { ...minimal, model: 'nowhere' }, /model: .*nowhere is not a folder/],
    ['a list in place of the file', [1], /the file: a list is not allowed/],
    ['nothing at all', null, /site: is missing/],
  ];
  test.each(cases)('%s', (_, value, message) => {
    expect(() => load(value)).toThrow(ConfigError);
    expect(() => load(value)).toThrow(message);
  });

  test('text that is not YAML', () => {
    expect(() => parseConfig('a: [', 'agent.yaml')).toThrow(/agent.yaml: not valid YAML/);
  });
});

describe('a camera that cannot be used is named, and the others run', () => {
  const other = { ...camera, id: 'south' };
  const square = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  const bow = [
    [0, 0],
    [1, 1],
    [1, 0],
    [0, 1],
  ];
  const line = [
    [0, 0],
    [0.5, 0.5],
    [1, 1],
  ];
  test.each([
    ['the same id twice', { id: 'south' }, /\.id: "south" is used twice/],
    ['an id in capitals', { id: 'North' }, /\.id: "North" is not allowed/],
    ['a key that is unknown', { urls: 1 }, /\.urls: unknown key/],
    ['a variable that is not set', { password: '${' + 'NOWHERE}' }, /\.password: the environment variable/],
    ['a password in an address', { url: 'rtsp://admin:pa#ss@h/' }, /\.url: looks as if/],
    ['a password without a user name', { password: 'secret' }, /\.url: there is a password/],
    [
      'GBK that is UTF-8 by chance',
      { name: { en: 'One', zh: Buffer.from([0xd2, 0xbb]).toString() } },
      /\.name\.zh: .*GBK/,
    ],
    ['a road whose sides cross', { road: bow }, /\.road: its sides cross/],
    ['a mask whose sides cross', { masks: [square.slice(0, 3), bow] }, /\.masks\[1\]: its sides cross/],
    ['a road that is a line', { road: line }, /\.road: has no area/],
    ['a mask over everything', { masks: [square] }, /\.masks: hide the whole picture/],
    ['a road wholly masked', { road: square.slice(0, 3), masks: [square] }, /\.road: lies wholly under/],
    [
      'gcj02 in Paris',
      { position: { latitude: 48.85, longitude: 2.35, datum: 'gcj02' } },
      /gcj02 is used in China/,
    ],
    [
      'a datum that is not spelt so',
      { position: { latitude: 30.2, longitude: 120.2, datun: 'gcj02' } },
      /\.position\.datun: unknown key; did you mean datum/,
    ],
    ['a CA file without a certificate', { caFile: 'secret' }, /\.caFile: \S+ holds no certificate/],
  ])('%s', (_, change, problem) => {
    const { cameras, cameraProblems } = load({
      ...minimal,
      cameras: [other, { ...camera, ...change }, { ...camera, id: 'west' }],
    });
    expect(cameras.map(({ id }) => id)).toEqual(['south', 'west']);
    expect(cameraProblems[0]).toMatch(problem);
    expect(cameraProblems[0]).toMatch(/^cameras\[1\]\./);
    if (!('id' in change))
      expect(() => load({ ...minimal, cameras: [{ ...camera, ...change }] })).toThrow(problem);
  });

  test('a place in China in gcj02, a road beside a mask and half a mask are as they should be', () => {
    const position = { latitude: 30.2, longitude: 120.2, datum: 'gcj02' };
    const masks = [square.slice(0, 3)];
    expect(
      load({ ...minimal, cameras: [{ ...camera, position, masks, road: square }] }).cameraProblems,
    ).toEqual([]);
  });
});

test.each([
  ['a port out of range', { mqtt: { url: 'mqtt://h:99999' } }, /mqtt\.url: is not a well-formed address/],
  ['a port that nothing listens at', { mqtt: { url: 'mqtt://h:0' } }, /mqtt\.url: names port 0/],
  ['an address of another kind', { mqtt: { url: 'http://h' } }, /mqtt\.url: .*expected an mqtt:\/\//],
  ['data in the root', { dataDir: '/' }, /dataDir: \/ belongs to the system/],
  ['data among the settings of the system', { dataDir: '/etc/' }, /dataDir: \/etc belongs to the system/],
  ['a broker without a host', { mqtt: { url: 'mqtts://:8883' } }, /mqtt\.url/],
  [
    'a CA file without a certificate',
    { mqtt: { url: 'mqtts://h', caFile: 'secret' } },
    /mqtt\.caFile: \S+ holds no/,
  ],
  ['a ring in the root', { ring: { dir: '/' } }, /ring\.dir: \/ belongs to the system/],
  ['a ring in shared memory itself', { ring: { dir: '/dev/shm/' } }, /ring\.dir: \/dev\/shm belongs/],
])('%s keeps the agent from starting', (_, change, why) => {
  expect(() => load({ ...minimal, ...change })).toThrow(why);
});

test('a refused address does not show its password', () => {
  const bad = { ...minimal, cameras: [{ ...camera, url: 'http://admin:hunter2@10.0.0.5/' }] };
  expect(() => load(bad)).toThrow(ConfigError);
  expect(() => load(bad)).not.toThrow(/hunter2/);
});

test('the annotated example is a valid configuration', () => {
  const example = join(dirname(fileURLToPath(import.meta.url)), '../../agent.example.yaml');
  const env = { ROADWATCH_MQTT_PASSWORD: 'x', CAMERA_PASSWORD: 'y' };
  let problem = '';
  try {
    readConfig(example, env);
  } catch (error) {
    problem = (error as Error).message;
  }
  expect(problem.split('\n').filter((line) => line !== '' && !line.includes('model:'))).toEqual([]);
});

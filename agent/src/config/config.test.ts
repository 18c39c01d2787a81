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
      'the same id twice',
      { ...minimal, cameras: [camera, camera] },
      /cameras\[1\]\.id: "north" is used twice/,
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

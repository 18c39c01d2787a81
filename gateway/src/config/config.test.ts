import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ConfigError, parseConfig, readConfig } from './config.ts';

test('three lines are enough, and relative paths are taken from the folder of the file', () => {
  const config = parseConfig('dataDir: data\n', '/etc/roadwatch/gateway.yaml');
  expect(config.dataDir).toBe('/etc/roadwatch/data');
  expect(config.evidence.dir).toBe('/etc/roadwatch/data/evidence');
  expect(config.http).toMatchObject({ host: '127.0.0.1', port: 8080 });
  expect(config.broker).toMatchObject({ host: '127.0.0.1', port: 1883 });
  expect(config.dispatch.recallSeconds).toBe(5);
  expect(config.defaultUnit).toBe('road-maintenance');
});

test('the annotated example is valid', () => {
  const example = fileURLToPath(new URL('../../gateway.example.yaml', import.meta.url));
  expect(readConfig(example).http.port).toBe(8080);
});

test.each([
  ['', 'dataDir: is missing'],
  [
    'dataDir: x\nhttp: { port: 99999 }',
    'http.port: 99999 is not allowed; expected a whole number from 0 to 65535',
  ],
  ['dataDir: x\nhttp: { prot: 80 }', 'http.prot: unknown key; did you mean port?'],
  [
    'dataDir: x\nhttp: { trustProxy: true }',
    'http.trustProxy: true is not allowed; expected false, the number of proxies in front',
  ],
  [
    'dataDir: x\nhttp: { trustProxy: 0 }',
    'http.trustProxy: 0 is not allowed; expected false, the number of proxies in front',
  ],
  [
    'dataDir: x\nhttp: { trustProxy: [0.0.0.0/0] }',
    'http.trustProxy[0]: "0.0.0.0/0" is not allowed; expected the network of the proxies, at least /8',
  ],
  [
    'dataDir: x\nhttp: { trustProxy: ["::/0"] }',
    'http.trustProxy[0]: "::/0" is not allowed; expected the network of the proxies, at least /7',
  ],
  [
    'dataDir: x\nhttp: { trustProxy: [proxy.example] }',
    'http.trustProxy[0]: "proxy.example" is not allowed; expected an address or network of a proxy',
  ],
  ['dataDir: x\nhttp: { publicUrl: "https://a:b@h/" }', 'http.publicUrl: must hold no user name or password'],
  ['dataDir: x\nhttp: { publicUrl: "https://h/?a=1" }', 'http.publicUrl: must end with the path'],
  ['dataDir: x\nhttp: { publicUrl: "https://h/a//b" }', 'http.publicUrl: a path may have letters'],
  ['dataDir: x\nlogin: { local: false }', 'login.local: false needs oidc'],
  [
    'dataDir: x\nlogin: { requireSecondFactor: [boss] }',
    'login.requireSecondFactor[0]: "boss" is not allowed',
  ],
  [
    'dataDir: x\noidc: { issuer: "https://h", clientId: a, roleClaim: a..b, roles: [{ claim: a, role: admin }] }',
    'oidc.roleClaim: "a..b" is not allowed; expected a claim, or its way through others',
  ],
  ['dataDir: x\nlog: { level: loud }', 'log.level: "loud" is not allowed; expected debug, info, warn'],
  ['dataDir: x\ntimeZone: Mars/Base', 'timeZone: "Mars/Base" is not allowed; expected an IANA time zone'],
  ['dataDir: x\nbroker: { url: "http://a" }', 'broker.url: "http://a" is not allowed; expected an mqtt://'],
  [
    'dataDir: x\nunits: [{ id: A, name: { en: a, zh: b } }]',
    'units[0].id: "A" is not allowed; expected lower-case',
  ],
  ['dataDir: x\nunits: []', 'units: has 0 entries; expected a list of 1 to 1000 entries'],
  ['dataDir: x\nbroker: { password: 3 }', 'broker.password: the value (not shown) is not allowed'],
  [
    'dataDir: x\ncalendar: { hours: [9-5] }',
    'calendar.hours[0]: "9-5" is not allowed; expected hours such as',
  ],
  [
    'dataDir: x\nclocks: { count: { response: sometimes } }',
    'clocks.count.response: "sometimes" is not allowed; expected always, working_hours, working_days',
  ],
  [
    'dataDir: x\nunits: [{ id: a, name: { en: a, zh: b }, open311: { url: "http://h/v2" } }]',
    'units[0].open311: give either apiKey or apiKeyFile',
  ],
  [
    'dataDir: x\nunits: [{ id: a, name: { en: a, zh: b }, open311: { url: "http://h", apiKey: [k] } }]',
    'units[0].open311.apiKey: the value (not shown) is not allowed',
  ],
  [
    'dataDir: x\noidc: { issuer: "http://login.example", clientId: a, roles: [{ claim: a, role: admin }] }',
    'oidc.issuer: "http://login.example" is not allowed; expected the https:// address',
  ],
  [
    'dataDir: x\noidc: { issuer: "https://h", clientId: a, roles: [{ claim: a, role: unit }] }',
    'oidc.roles[0].unit: goes with role: unit, and only with it',
  ],
  ['dataDir: [', 'not valid YAML'],
])('%j is refused with the field, the value and what is allowed', (text, expected) => {
  expect(() => parseConfig(text, 'gateway.yaml')).toThrow(ConfigError);
  expect(() => parseConfig(text, 'gateway.yaml')).toThrow(`gateway.yaml: ${expected}`);
});

test('a password comes from its own file, and one that cannot be read is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-'));
  writeFileSync(join(folder, 'secret'), 'hunter2\n');
  const yaml = 'dataDir: x\nbroker: { url: "mqtt://h", passwordFile: secret }\n';
  expect(parseConfig(yaml, join(folder, 'gateway.yaml')).broker.password?.reveal()).toBe('hunter2');
  expect(() => parseConfig(yaml, '/nowhere/gateway.yaml')).toThrow(
    'broker.passwordFile: secret cannot be read (ENOENT)',
  );
});

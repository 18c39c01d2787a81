import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError, parseSettings, readSettings } from './load.ts';
import { SecretText } from './secret.ts';
import { parseYaml, YamlError } from './yaml.ts';

const Schema = Type.Object(
  {
    password: Type.Optional(SecretText),
    url: Type.Optional(Type.String({ pattern: '^rtsp://[^\\s]+$', description: 'an rtsp:// address' })),
    list: Type.Optional(Type.Array(Type.String(), { uniqueItems: true })),
    inner: Type.Optional(Type.Object({ password: SecretText }, { additionalProperties: false })),
  },
  { additionalProperties: false },
);
const load = (text: string) => parseSettings(Schema, text, 'a.yaml');

describe('hostile YAML is refused before it costs anything', () => {
  const laughs = [...'bcdefghi'].map(
    (name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`)}]`,
  );
  test.each([
    ['a billion laughs', ['a: &a [x,x,x,x,x,x,x,x,x]', ...laughs].join('\n'), /aliases/],
    ['a list that holds itself', 'a: &a [*a]', /holds itself/],
    ['a mapping that holds itself', 'a: &a\n  b: { c: *a }', /holds itself/],
    ['a million brackets', '['.repeat(1_000_000), /nested deeper than 32/],
    ['a million braces', '{a: '.repeat(200_000), /nested deeper than 32/],
    ['half a million dashes', '- '.repeat(500_000), /nested deeper than 32/],
    ['half a million question marks', '? '.repeat(500_000), /nested deeper than 32/],
    ['a staircase', Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), /nested deeper/],
    ['ten thousand keys', Array.from({ length: 10_000 }, (_, i) => `a${i}: 1`).join('\n'), /5000 keys/],
    ['two megabytes', `a: ${'x'.repeat(2_000_000)}`, /larger than/],
    ['a tag', 'a: !!js/function "x"', /line 1: .*!/],
    ['a set of YAML 1.1', '%YAML 1.1\n---\na: !!set {b, c}', /!/],
    ['a second document', 'a: 1\n---\nb: 2', /line 2: a second document/],
    ['a key twice', 'a: 1\nb: 2\na: 3', /line 3: this key is there already/],
    ['a zero byte', 'a: 1\nb: \0', /line 2: holds a zero byte/],
  ])('%s', (_, text, why) => {
    expect(() => parseYaml(text)).toThrow(YamlError);
    expect(() => parseYaml(text)).toThrow(why);
  });

  test('an alias of what is beside it is what it stands for, and no more the same', () => {
    const { value } = parseYaml('a: &a { b: 1 }\nc: *a') as { value: Record<string, object> };
    expect(value).toEqual({ a: { b: 1 }, c: { b: 1 } });
    expect(value.a).not.toBe(value.c);
  });

  test('__proto__ is a key like any other', () => {
    expect(() => load('__proto__: { polluted: 1 }')).toThrow(ConfigError);
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a password that YAML takes for something else is told with its line or field, and not shown', () => {
  test.each([
    ['password: @S3cret', /line 1.*in quotes/],
    ['password: *S3cret', /in quotes/],
    ['password: !S3cret', /line 1.*in quotes/],
    ['password: &S3cret', /password: the value \(not shown\) .*in quotes/],
    ['password: %S3cret', /line 1.*in quotes/],
    ['password: `S3cret', /line 1.*in quotes/],
    ['password: abc: S3cret', /line 1.*in quotes/],
    ['password: "S3cret\\Tail"', /line 1.*quotes/],
    ['password: >S3cret', /line 1/],
    ['password: [S3cret', /line 1/],
    ['password: [S3cret]', /password: the value \(not shown\).*in quotes/],
    ['password: {S3cret: 1}', /password: the value \(not shown\)/],
    ['password: 12345678', /password: the value \(not shown\).*in quotes/],
    ['password: 0x5ec3e7', /password: the value \(not shown\).*in quotes/],
    ['password: true', /password: the value \(not shown\).*in quotes/],
    ['password: S3cret #1', /password: YAML .* cuts it off; put the value in quotes/],
    ['inner: { password: S3cret #1\n }', /inner\.password: YAML/],
    ['url: rtsp://admin:S3 #cret@10.0.0.5/', /url: YAML/],
    ['url: rtsp//admin:S3cret@10.0.0.5/', /url: .* is not allowed; expected an rtsp/],
    ['url: http://admin:S3/cret@10.0.0.5/', /url: "http:\/\/10\.0\.0\.5\/" is not allowed; expected an rtsp/],
    ['pasword: S3cret', /pasword: unknown key; did you mean password\?/],
    ['inner: [{ password: S3cret }]', /inner: a list is not allowed/],
    ['"S3cret pass": 1', /unknown key/],
    ['list: [a, a]', /list: has the same entry twice/],
  ])('%s', (text, why) => {
    expect(() => load(text)).toThrow(ConfigError);
    expect(() => load(text)).toThrow(why);
    expect(() => load(text)).not.toThrow(/S3cret|cret@|S3/);
  });

  test.each(['password: "S3cret #1"', 'password: S3cret', 'url: rtsp://10.0.0.5/ # the north one'])(
    '%s is as it stands',
    (text) => {
      expect(Object.values(load(text))).toEqual([
        text
          .replace(/^\w+: /, '')
          .replaceAll('"', '')
          .replace(/ # the.*/, ''),
      ]);
    },
  );
});

test.each([
  ['UTF-16', Buffer.from('\ufeffa: 1', 'utf16le'), /UTF-16; save it as UTF-8/],
  ['GBK', Buffer.concat([Buffer.from('a: 1\nb: '), Buffer.from([0xb1, 0xb1])]), /line 2: is not UTF-8 \(GBK/],
])('a file in %s is told as such', (_, bytes, why) => {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.yaml');
  writeFileSync(file, bytes);
  expect(() => readSettings(file)).toThrow(why);
});

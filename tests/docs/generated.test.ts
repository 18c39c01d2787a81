/** What the documents and editors have from the sources is what the sources say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles, outdated, ROOT, SETTINGS } from '../../scripts/docs/generated.ts';
import { keyPaths } from '../../scripts/docs/reference.ts';

test('pictures, tables and editor schemas are up to date (npm run docs)', async () => {
  expect(outdated(await generatedFiles()).map(({ path }) => path)).toEqual([]);
});

test.each(SETTINGS.filter(({ example }) => example !== null))(
  'the annotated example of the $name names every key',
  ({ schema, example }) => {
    const text = readFileSync(join(ROOT, example as string), 'utf8');
    const unnamed = keyPaths(schema).filter(
      (path) => !new RegExp(`\\b${path.split('.').at(-1)}\\b`).test(text),
    );
    // Their section says it in a sentence.
    expect(unnamed.filter((path) => !/\.(CLASS|PERCENT)$/.test(path))).toEqual([]);
  },
);

const editorSchema = (name: string): object =>
  JSON.parse(readFileSync(join(ROOT, `docs/schemas/${name}.schema.json`), 'utf8')) as object;
const example = (path: string): unknown => parse(readFileSync(join(ROOT, path), 'utf8'));

test.each([
  ['agent', 'agent/agent.example.yaml'],
  ['gateway', 'gateway/gateway.example.yaml'],
  ['scenario', 'tests/scenarios/repair.yaml'],
])('the editor schema of the %s takes %s', (name, path) => {
  const check = new Ajv({ strict: false }).compile(editorSchema(name));
  check(example(path));
  expect(check.errors).toBeNull();
});

test.each(SETTINGS)('no section of the $name takes a key that it does not know', ({ schema }) => {
  const open: string[] = [];
  const look = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('properties' in node && Reflect.get(node, 'additionalProperties') !== false) open.push(path);
    for (const [key, child] of Object.entries(node)) look(child, `${path}/${key}`);
  };
  look(schema, '');
  expect(open).toEqual([]);
});

test.each([
  ['agent', 'agent/agent.example.yaml', { verify: { minLook: 3 } }, '/verify'],
  [
    'agent',
    'agent/agent.example.yaml',
    { cameras: [{ id: 'a', name: { en: 'A', zh: '甲' } }] },
    '/cameras/0',
  ],
  ['gateway', 'gateway/gateway.example.yaml', { http: { port: 70_000 } }, '/http/port'],
])('the editor schema of the %s marks what the program refuses: %s with %j', (name, path, wrong, at) => {
  const check = new Ajv({ strict: false }).compile(editorSchema(name));
  check({ ...(example(path) as object), ...wrong });
  expect(check.errors?.map(({ instancePath }) => instancePath)).toContain(at);
});

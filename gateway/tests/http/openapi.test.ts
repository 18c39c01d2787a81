import { validate } from '@readme/openapi-parser';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';

const WITH_ALL = {
  open311: { enabled: true },
  oidc: {
    issuer: 'https://identity.example',
    clientId: 'roadwatch',
    clientSecret: 'not used',
    roles: [{ claim: 'operators', role: 'operator' }],
  },
};

interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
  }[];
  readonly responses: Readonly<Record<string, { readonly content?: object; readonly description: string }>>;
}

async function operations() {
  const gateway = await testGateway(WITH_ALL);
  const { body } = await call(gateway.url, 'GET', '/docs/json');
  const found = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return { document: body, operations: found };
}

test('the description of the interface is valid OpenAPI to a validator of others', async () => {
  const { document } = await operations();
  expect(await validate(structuredClone(document))).toEqual({
    valid: true,
    warnings: [],
    specification: 'OpenAPI',
  });
});

test('every parameter of a path is declared, and none that is not in it', async () => {
  for (const { path, method, operation } of (await operations()).operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect([method, path, declared.map(({ name }) => name).sort()]).toEqual([method, path, inPath]);
  }
});

test('every operation has a name of its own, says what it answers, and how it refuses', async () => {
  const { operations: all } = await operations();
  const names = all.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(all.length);
  for (const { path, method, operation } of all) {
    const statuses = Object.keys(operation.responses);
    expect([method, path, statuses.some((status) => status < '400')]).toEqual([method, path, true]);
    expect([method, path, statuses.includes('503')]).toEqual([method, path, true]);
    for (const [status, { content, description }] of Object.entries(operation.responses)) {
      expect([path, status, description]).toEqual([path, status, expect.stringMatching(/^(?!Default)/)]);
      const isEmpty = ['204', '302', '304', '416'].includes(status);
      expect([method, path, status, content === undefined]).toEqual([method, path, status, isEmpty]);
    }
  }
});

test('what has a default need not be given, and lists are described once', async () => {
  const { document } = await operations();
  const { parameters, responses } = document.paths['/api/alerts'].get;
  expect(parameters.filter(({ required }: { required?: boolean }) => required)).toEqual([]);
  expect(responses[200].content['application/json'].schema).toEqual({
    $ref: '#/components/schemas/AlertPage',
  });
  expect(document.components.schemas.AlertPage.properties.items.items).toEqual({
    $ref: '#/components/schemas/Alert',
  });
});

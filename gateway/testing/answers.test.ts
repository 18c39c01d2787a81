import fastify, { type FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { declareAccess } from '../src/http/access.ts';
import { declareAnswers } from '../src/http/answers.ts';
import { checkAnswers } from './answers.ts';

const Thing = Type.Object({ id: Type.String(), count: Type.Integer() }, { title: 'Thing' });

function serverWith(): { readonly server: FastifyInstance; readonly problems: string[] } {
  const server = fastify();
  const problems: string[] = [];
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
  declareAccess(server, {});
  declareAnswers(server, []);
  checkAnswers(server, problems);
  return { server, problems };
}

const route = (operationId: string) => ({
  schema: { operationId, summary: 'a thing', response: { 200: Thing } },
  config: { access: 'public' as const },
});

test.each<[string, unknown, RegExp | null]>([
  ['as it is declared', { id: 'a', count: 1 }, null],
  ['a field more', { id: 'a', count: 1, more: true }, /^GET \/thing 200: .*more/],
  ['a field less', { id: 'a' }, /^GET \/thing 200: .*count/],
  ['a field of another type', { id: 'a', count: '1' }, /^GET \/thing 200: \/count/],
])('an answer with %s is told, and sent whole', async (_, body, problem) => {
  const { server, problems } = serverWith();
  server.get('/thing', route('getThing'), async () => body);
  expect((await server.inject('/thing')).json()).toEqual(body);
  expect(problems).toEqual(problem === null ? [] : [expect.stringMatching(problem)]);
});

test('a status that is not declared is told', async () => {
  const { server, problems } = serverWith();
  server.get('/thing', route('getThing'), async (_request, reply) =>
    reply.code(202 as 200).send({} as never),
  );
  await server.inject('/thing');
  expect(problems).toEqual([expect.stringMatching(/^GET \/thing 202: is not declared; 200, /)]);
});

test.each([
  ['without a name', { response: { 200: Thing } }, 'declares no operationId'],
  ['without answers', { operationId: 'getThing' }, 'declares no answers'],
])('a route %s cannot be registered', (_, schema, problem) => {
  const { server } = serverWith();
  const register = () => server.get('/thing', { schema, config: { access: 'public' } }, async () => ({}));
  expect(register).toThrow(`GET /thing: ${problem}`);
});

test('no two routes have one name', () => {
  const { server } = serverWith();
  server.get('/thing', route('getThing'), async () => ({ id: 'a', count: 1 }));
  const again = () => server.get('/other', route('getThing'), async () => ({ id: 'a', count: 1 }));
  expect(again).toThrow('GET /other: has the operationId getThing of GET /thing');
});

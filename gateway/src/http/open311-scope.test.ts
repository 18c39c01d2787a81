import { Type } from 'typebox';
import { expect, onTestFinished, test } from 'vitest';
import { testConfig } from '../../testing/config.ts';
import { testStore } from '../../testing/store.ts';
import { QUIET } from '../../testing/ticket.ts';
import { Refusal } from '../refusal.ts';
import { StoreTrouble } from '../store/trouble.ts';
import { open311Scope } from './open311-scope.ts';
import { createServer } from './server.ts';

test.each([
  [new Refusal('photos_crowded', 'too many photographs wait'), 503, '30', 'too many photographs wait'],
  [new Refusal('sign_in_crowded', 'too many people', 5), 503, '5', 'too many people'],
  [new StoreTrouble('store_full', new Error('disk I/O error')), 503, '30', /^the disk is full/],
  [new Refusal('scope_missing', 'the token may not'), 403, undefined, 'the token may not'],
  [new Refusal('fields_invalid', 'lat: expected degrees'), 400, undefined, 'lat: expected degrees'],
])('%s is answered in the form of GeoReport v2 with %i', async (error, status, retryAfter, description) => {
  const { store } = await testStore();
  const config = testConfig();
  const server = await createServer(config, store, QUIET);
  onTestFinished(() => server.close());
  open311Scope(server, { config, log: QUIET }, (add) =>
    add(
      'GET',
      '/v2/busy.:format',
      { operationId: 'busy', summary: 'is busy', answers: Type.Object({}) },
      () => Promise.reject(error),
    ),
  );
  for (const format of ['json', 'xml']) {
    const answer = await server.inject(`/open311/v2/busy.${format}`);
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([status, retryAfter]);
    if (format === 'json')
      expect(answer.json()).toEqual([{ code: status, description: expect.stringMatching(description) }]);
    else expect(answer.body).toContain(`<code>${status}</code>`);
  }
});

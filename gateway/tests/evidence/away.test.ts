/** Pictures whose store is away. */
import { sha256 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';

test('a picture that cannot be reached at present is asked for again later, and is no fault of the gateway', async () => {
  const gateway = await testGateway({
    evidence: {
      // Nothing listens there.
      s3: { endpoint: 'http://127.0.0.1:1', bucket: 'pictures', accessKeyId: 'k', secretAccessKey: 's' },
    },
  });
  const operator = await gateway.operator();
  const name = sha256('a picture');
  const store = await gateway.store();
  await store.transaction((tx) =>
    tx.db
      .insertInto('evidence')
      .values({ sha256: name, content_type: 'image/jpeg', bytes: 9, stored_at: tx.at })
      .execute(),
  );
  expect(await operator.get(`/api/evidence/${name}`)).toMatchObject({
    status: 503,
    body: { status: 503, code: 'evidence_away' },
  });
});

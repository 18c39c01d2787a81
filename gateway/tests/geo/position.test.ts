import { toGcj02 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';

const WGS84 = { latitude: 31.1774276, longitude: 121.5272106 };
const GCJ02 = toGcj02(WGS84);

test('one place sent in either datum is one place: stored in WGS 84, shown in both, and merged', async () => {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  await agent.report({ camera: 'east', position: WGS84, positionOf: 'damage' });
  await agent.report({ camera: 'west', position: { ...GCJ02, datum: 'gcj02' }, positionOf: 'damage' });
  const { items } = (await operator.get('/api/alerts')).body;
  expect(items).toMatchObject([{ count: 2, parts: [{ camera: 'west' }] }]);
  expect(items[0].position.gcj02.latitude).toBeCloseTo(GCJ02.latitude, 6);
  const store = await gateway.store();
  const rows = await store.db.selectFrom('alerts').select(['latitude', 'longitude']).execute();
  for (const { latitude, longitude } of rows) {
    expect(latitude).toBeCloseTo(WGS84.latitude, 6);
    expect(longitude).toBeCloseTo(WGS84.longitude, 6);
  }
});

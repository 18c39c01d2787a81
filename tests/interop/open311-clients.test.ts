import { expect, test } from 'vitest';
import { testGateway } from '../../gateway/testing/gateway.ts';
import { HAS_PYTHON, runPython } from '../support/python.ts';

const DAY_MS = 86_400_000;

test.skipIf(!HAS_PYTHON)(
  'the client three finds the services, reports with a photograph, and lists',
  async () => {
    const gateway = await testGateway({ open311: { enabled: true, jurisdictionId: 'binjiang' } });
    const operator = await gateway.operator('admin');
    const expiresAt = new Date(Date.now() + DAY_MS).toISOString();
    const token = { name: 'three', scopes: ['requests:write'], expiresAt };
    const key = (await operator.post('/api/tokens', token)).body.token;
    /** As it wants a day: 11-23-2026. */
    const day = (offset: number) => {
      const [year, month, date] = new Date(Date.now() + offset * DAY_MS)
        .toISOString()
        .slice(0, 10)
        .split('-');
      return `${month}-${date}-${year}`;
    };
    const made = [{ service_request_id: expect.stringMatching(/^CR-/) }];
    expect(
      await runPython('three_client.py', {
        url: new URL('/open311/v2', gateway.url).href,
        key,
        jurisdiction: 'binjiang',
        between: [day(-1), day(1)],
      }),
    ).toMatchObject({
      services: expect.arrayContaining(['pothole']),
      definition: 'pothole',
      made,
      withAddress: made,
      withPhoto: made,
      listed: 3,
      counted: 2,
      between: 3,
    });
  },
);

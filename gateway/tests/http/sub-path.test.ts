import { expect, test } from 'vitest';
import { PASSWORD, testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';

const PUBLIC = 'https://city.example.org/roadwatch/';

test('under a path, addresses and cookies have it, whether the proxy takes it off or not', async () => {
  const gateway = await testGateway({ http: { port: 0, publicUrl: PUBLIC }, open311: { enabled: true } });
  await gateway.operator();
  const body = { username: 'operator', password: PASSWORD };
  for (const prefix of ['', '/roadwatch']) {
    const login = await call(gateway.url, 'POST', `${prefix}/api/session`, { body });
    expect(login.status).toBe(200);
    const [session = ''] = login.headers.getSetCookie();
    expect(session).toMatch(/^roadwatch_session=.*; Path=\/roadwatch\/; HttpOnly; Secure; SameSite=Strict$/);
    expect((await call(gateway.url, 'GET', `${prefix}/api/session/ways`)).body.address).toBe(PUBLIC);
    const discovery = await call(gateway.url, 'GET', `${prefix}/open311/discovery.json`);
    expect(discovery.body.endpoints[0].url).toBe('https://city.example.org/roadwatch/open311/v2');
    expect((await call(gateway.url, 'GET', `${prefix}/api/alerts`)).status).toBe(401);
    const old = await call(gateway.url, 'GET', `${prefix}/crew/${'A'.repeat(32)}/`);
    expect(old.body).toContain('href="../page.css"');
  }
  expect((await call(gateway.url, 'GET', '/roadwatchers/api/session/ways')).status).toBe(200);
  expect(
    (await call(gateway.url, 'GET', '/roadwatchers/api/session/ways')).headers.get('content-type'),
  ).toMatch(/html/);
});

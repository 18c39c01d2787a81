/** The gateway behind real proxies: photographs, the event stream, live views, HTTP/2, and who a caller is. */
import { once } from 'node:events';
import { connect, type OutgoingHttpHeaders } from 'node:http2';
import { text } from 'node:stream/consumers';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { PASSWORD, testGateway } from '../../gateway/testing/gateway.ts';
import { openPage, signIn, startBrowser } from '../browser/support/browser.ts';
import { startGateway } from '../browser/support/gateway.ts';
import { freePort, type ProxyKind, startProxy } from './support/proxy.ts';

/** Many steps of several programs, perhaps on a machine that does much else. */
const PATIENCE_MS = 180_000;

async function behind(kind: ProxyKind) {
  const port = await freePort();
  const publicUrl = `https://127.0.0.1:${port}`;
  const gateway = await testGateway({ http: { port: 0, publicUrl, trustProxy: 1 } });
  const ca = await startProxy(kind, { port, gateway: new URL(gateway.url).host });
  const client = connect(publicUrl, { ca });
  onTestFinished(() => client.destroy());
  const open = async (headers: OutgoingHttpHeaders, body?: Buffer) => {
    const stream = client.request(headers, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    const [answer] = await once(stream, 'response');
    return { stream, status: answer[':status'] as number };
  };
  const send = async (headers: OutgoingHttpHeaders, body?: Buffer) => {
    const { stream, status } = await open(headers, body);
    return { status, body: await text(stream) };
  };
  return { gateway, publicUrl, ca, open, send };
}

test.each<[ProxyKind]>([['nginx'], ['caddy']])(
  'behind %s everything works as without',
  async (kind) => {
    const { gateway, publicUrl, ca, open, send } = await behind(kind);
    const operator = await gateway.operator();
    const { cookie } = operator;

    const { stream, status } = await open({ ':path': '/api/events', cookie });
    expect(status).toBe(200);
    stream.setEncoding('utf8');
    let told = '';
    const heard = async (what: string) => {
      for (;;) {
        if (told.includes(what)) return;
        told += (await once(stream, 'data'))[0];
      }
    };
    await heard('event: ready');
    const agent = await gateway.agent();
    await agent.report();
    await heard('event: alert');
    stream.close();

    const path = await operator.dispatch();
    const { url } = (await operator.post(`${path}/crew-link`)).body;
    expect(url).toMatch(`${publicUrl}/crew/`);
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const photo = await sharp({
      create: { width: 2000, height: 1500, channels: 3, background: '#777', noise },
    })
      .jpeg({ quality: 95 })
      .toBuffer();
    expect(photo.length).toBeGreaterThan(2_000_000);
    const form = Buffer.concat([
      Buffer.from('--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'),
      photo,
      Buffer.from('\r\n--b--\r\n'),
    ]);
    const crew = new URL(url).pathname;
    const post = { ':method': 'POST', 'content-type': 'multipart/form-data; boundary=b' };
    expect(await send({ ...post, ':path': `${crew}arrive` }, form)).toMatchObject({ status: 303 });

    const id = '0198c0de-0000-7000-8000-000000000000';
    const socket = new WebSocket(`${publicUrl.replace('https', 'wss')}/api/live/${id}`, {
      ca,
      headers: { cookie },
    });
    await once(socket, 'open');
    socket.terminate();

    const guess = (n: number) =>
      send(
        {
          ':method': 'POST',
          ':path': '/api/session',
          'content-type': 'application/json',
          'x-forwarded-for': `203.0.113.${n}`,
        },
        Buffer.from(JSON.stringify({ username: `user-${n}`, password: 'wrong' })),
      );
    const guesses = await Promise.all(Array.from({ length: 22 }, (_, n) => guess(n)));
    expect(guesses.filter((answer) => answer.status === 429)).toHaveLength(2);
    const right = Buffer.from(JSON.stringify({ username: 'operator', password: PASSWORD }));
    const login = { ':method': 'POST', ':path': '/api/session', 'content-type': 'application/json' };
    expect((await send(login, right)).status).toBe(200);
  },
  PATIENCE_MS,
);

test(
  'under a path of the city’s own host the console works, on every page and after a reload',
  async () => {
    const port = await freePort();
    const base = `https://127.0.0.1:${port}/roads`;
    const gateway = await startGateway({ http: { port: 0, publicUrl: base, trustProxy: 1 } });
    onTestFinished(() => gateway.stop());
    await startProxy('nginx', { port, gateway: new URL(gateway.consoleUrl).host, path: '/roads/' });
    const browser = await startBrowser(['--ignore-certificate-errors']);
    onTestFinished(() => browser.close());
    const { page, errors, elsewhere } = await openPage(browser, `${base}/`);
    await signIn(page, gateway.login);
    await page.getByText('Nothing to verify').waitFor();
    await page.getByRole('link', { name: 'Tickets' }).click();
    await page.getByText('No tickets').waitFor();
    expect(new URL(page.url()).pathname).toBe('/roads/tickets');
    await page.reload();
    await page.getByText('No tickets').waitFor();
    await page.getByRole('link', { name: 'Alerts' }).click();
    await page.getByText('Nothing to verify').waitFor();
    const icon = await page.locator('.brand img').getAttribute('src');
    expect(icon).toBe('/roads/icon.svg');
    expect([errors, elsewhere]).toEqual([[], []]);
  },
  PATIENCE_MS,
);

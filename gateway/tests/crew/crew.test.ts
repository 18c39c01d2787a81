import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { TICKET_STATE_TEXTS } from '@roadwatch/contract/codes';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { DecodeQueue } from '../../src/crew/decode-queue.ts';
import { reportStep } from '../../src/crew/report.ts';
import { openEvidence } from '../../src/evidence/open.ts';
import { languageOf } from '../../src/language.ts';
import { verifyAudit } from '../../src/store/audit/verify.ts';
import { type CrewLink, findCrewLink } from '../../src/tickets/crew-links.ts';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';

async function photograph(): Promise<Buffer> {
  const picture = sharp({ create: { width: 800, height: 600, channels: 3, background: '#777' } });
  return picture
    .withExif({ IFD0: { Make: 'SecretPhone' }, IFD3: { GPSLatitude: '30/1 12/1 0/1', GPSLatitudeRef: 'N' } })
    .jpeg()
    .toBuffer();
}

async function crew() {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  await agent.report();
  const operator = await gateway.operator();
  const path = await operator.dispatch({ note: '<b>deep</b>' });
  const link = async () => (await operator.post(`${path}/crew-link`)).body as { url: string; qr: string };
  const send = (
    url: string,
    step: string,
    photos: readonly Uint8Array[] = [],
    fields: Record<string, string> = {},
  ) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    for (const photo of photos) form.append('photo', new Blob([Uint8Array.from(photo)]), 'photo.jpg');
    return fetch(new URL(step, url), { method: 'POST', body: form, redirect: 'manual' });
  };
  return { gateway, operator, path, link, send, ticket: async () => (await operator.get(path)).body };
}

test('a crew accepts, arrives and reports the repair by its link, with photographs and position', async () => {
  const { operator, link, send, ticket } = await crew();
  const { url, qr } = await link();
  expect(qr).toContain('<svg');
  expect((await send(url, 'accept')).status).toBe(303);
  const position = { latitude: '30.21', longitude: '120.2', accuracy: '12' };
  expect((await send(url, 'arrive', [], position)).status).toBe(303);
  const original = await photograph();
  expect((await send(url, 'repair', [original], position)).status).toBe(303);
  const { state, photos, history } = await ticket();
  expect(state).toBe('repaired');
  expect(photos).toMatchObject([
    { step: 'repair', position: { latitude: 30.21, longitude: 120.2, accuracyM: 12 } },
  ]);
  expect(history.at(-1)).toMatchObject({ actor: 'unit:road-maintenance', channel: 'crew' });
  const kept = await fetch(new URL(`/api/evidence/${photos[0].sha256}`, operator.base), {
    headers: operator.headers,
  });
  const bytes = Buffer.from(await kept.arrayBuffer());
  expect((await sharp(bytes).metadata()).exif).toBeUndefined();
  expect(bytes.includes('SecretPhone')).toBe(false);
  const page = await (await fetch(url)).text();
  expect(page).toContain(`${photos[0].sha256}.jpg`);
  expect((await fetch(new URL(`${photos[0].sha256}.jpg`, url))).headers.get('content-type')).toBe(
    'image/jpeg',
  );
});

test('the QR code has the quiet zone that ISO/IEC 18004 asks for, so that every telephone finds it', async () => {
  const { link } = await crew();
  const { qr } = await link();
  const modules = Number(/viewBox="0 0 (\d+) /.exec(qr)?.[1]);
  const scale = 4;
  const { data, info } = await sharp(Buffer.from(qr))
    .resize(modules * scale, modules * scale, { kernel: 'nearest' })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const dark = [...data.keys()].filter((at) => (data[at] as number) < 128);
  const columns = dark.map((at) => Math.floor((at % info.width) / scale));
  const rows = dark.map((at) => Math.floor(at / info.width / scale));
  const quiet = [Math.min(...columns), Math.min(...rows), modules - 1 - Math.max(...columns)];
  expect([...quiet, modules - 1 - Math.max(...rows)]).toEqual([4, 4, 4, 4]);
});

test('looking at the page changes nothing, in either language, and shows nothing as markup', async () => {
  const { link, ticket } = await crew();
  const { url } = await link();
  const pages = await Promise.all(
    ['zh', 'en'].map(async (lang) => (await fetch(`${url}?lang=${lang}`)).text()),
  );
  expect(pages[0]).toMatch(/坑槽[\s\S]*接单/);
  expect(pages[1]).toMatch(/Pothole[\s\S]*Accept/);
  expect(pages[1]).toContain('&lt;b&gt;deep&lt;/b&gt;');
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  expect((await ticket()).state).toBe('dispatched');
});

test('the page says the state and the step in the words of the console', async () => {
  const { link, send } = await crew();
  const { url } = await link();
  const page = async (lang: string) => (await fetch(new URL(`?lang=${lang}`, url))).text();
  await send(url, 'arrive');
  for (const language of ['en', 'zh'] as const) {
    const texts = await page(language);
    expect(texts).toContain(`<b id="state">${TICKET_STATE_TEXTS.on_site[language]}</b>`);
    for (const step of ['made_safe', 'repaired'] as const)
      expect(texts).toContain(`>${TICKET_STATE_TEXTS[step][language]}</button>`);
  }
});

test('a repair without a photograph is not taken', async () => {
  const { link, send, ticket } = await crew();
  const { url } = await link();
  await send(url, 'arrive');
  const answer = await send(`${url}?lang=en`, 'repair?lang=en');
  expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('needs a photograph')]);
  expect((await ticket()).state).toBe('on_site');
});

test('reporting a step twice shows how the order stands', async () => {
  const { link, send } = await crew();
  const { url } = await link();
  await send(url, 'arrive');
  const again = await send(url, 'arrive?lang=zh');
  expect([again.status, await again.text()]).toEqual([409, expect.stringContaining('已到场')]);
});

test('a link ends when it is replaced or revoked, and when the order does', async () => {
  const { operator, gateway, path, link, send, ticket } = await crew();
  const first = await link();
  const second = await link();
  expect((await fetch(first.url)).status).toBe(404);
  expect((await send(first.url, 'accept')).status).toBe(404);
  await fetch(new URL(`${path}/crew-link`, gateway.url), { method: 'DELETE', headers: operator.headers });
  expect((await fetch(second.url)).status).toBe(404);
  const third = await link();
  await operator.post(`${path}/transitions`, { command: 'cancel', reason: 'mistake' });
  expect((await send(third.url, 'accept')).status).toBe(404);
  expect(await (await fetch(`${third.url}?lang=zh`)).text()).toContain('链接无效');
  expect((await ticket()).state).toBe('cancelled');
});

test('a crew reads why it is to repair again and until when, in both languages, until it has', async () => {
  const { operator, path, link, send } = await crew();
  for (const command of ['arrive', 'repair']) await operator.post(`${path}/transitions`, { command });
  await operator.post(`${path}/transitions`, { command: 'rework', reason: 'the edge is <loose>' });
  const { url } = await link();
  const page = async (lang: string) => (await fetch(new URL(`?lang=${lang}`, url))).text();
  const { clocks } = (await operator.get(path)).body;
  const { deadlineAt } = clocks.find(({ kind }: { kind: string }) => kind === 'rework');
  const said = (language: string) =>
    new Intl.DateTimeFormat(language, {
      timeZone: 'Asia/Shanghai',
      dateStyle: 'medium',
      timeStyle: 'short',
    }).format(new Date(deadlineAt));
  expect(await page('en')).toContain(
    '<b>The repair did not hold. To be done again, because:</b> the edge is &lt;loose&gt;',
  );
  expect(await page('en')).toContain(`Repair again by <b>${said('en')}</b>`);
  expect(await page('zh')).toContain('修复未通过核查，需返工。原因：</b> the edge is &lt;loose&gt;');
  expect(await page('zh')).toContain(`返工时限 <b>${said('zh')}</b>`);
  await send(url, 'arrive');
  expect(await page('en')).toContain('because:</b> the edge');
  await send(url, 'repair', [await photograph()]);
  expect(await page('en')).not.toContain('because:');
});

describe('a photograph that is none', () => {
  const cases: [string, () => Promise<Uint8Array>][] = [
    ['a web page', async () => Buffer.from('<html><script>alert(1)</script></html>')],
    [
      'a drawing that loads files',
      async () =>
        Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    ],
    ['cut off', async () => (await photograph()).subarray(0, 700)],
    [
      'a picture by its first bytes only',
      async () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(5000, 'x')]),
    ],
    [
      'a bomb',
      () =>
        sharp({ create: { width: 12_000, height: 9_000, channels: 3, background: '#000' } })
          .png()
          .toBuffer(),
    ],
    ['too large', async () => Buffer.concat([await photograph(), Buffer.alloc(65 * 1024 * 1024)])],
  ];
  test('is refused, and nothing has changed', async () => {
    const { link, send, ticket } = await crew();
    const { url } = await link();
    await send(url, 'arrive');
    for (const [name, make] of cases) {
      const { status } = await send(url, 'repair', [await make()]);
      expect([name, Math.floor(status / 100)]).toEqual([name, 4]);
    }
    expect(await ticket()).toMatchObject({ state: 'on_site', photos: [] });
  });
});

test.each([
  ['en-GB,en;q=0.9', 'en'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['fr-FR', 'zh'],
  [undefined, 'zh'],
])('a browser that asks for %s gets %s', (header, language) => {
  expect(languageOf(undefined, header)).toBe(language);
});

test('a reason of any characters is kept, cut to its length', async () => {
  const { gateway, link, send, ticket } = await crew();
  const { url } = await link();
  const reason = `\u0000not ours${'x'.repeat(491)}\u{1f573}`;
  expect((await send(url, 'return', [], { reason })).status).toBe(303);
  const { state, history } = await ticket();
  expect([state, history.at(-1).detail.reason.slice(0, 8)]).toEqual(['returned', 'not ours']);
  expect(await verifyAudit(await gateway.store())).toMatchObject({ ok: true });
});

test('a link that is ended while photographs arrive reports nothing, and its sender is told within seconds', {
  timeout: 40_000,
}, async () => {
  const { gateway, operator, link, ticket } = await crew();
  const { url } = await link();
  const before = await ticket();
  // A form that has begun and does not go on, as on a telephone without a signal; the gateway would wait a minute.
  const boundary = 'x';
  const sending = request(new URL('accept', url), {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  });
  sending.write(`--${boundary}\r\ncontent-disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\nx`);
  const answered = once(sending, 'response');
  const uploads = join(gateway.config.dataDir, 'uploads');
  while (!existsSync(uploads) || readdirSync(uploads).length === 0)
    await new Promise((resolve) => setImmediate(resolve));
  await call(operator.base, 'DELETE', `/api/tickets/${before.id}/crew-link`, { headers: operator.headers });
  const [answer] = await answered;
  expect(answer.statusCode).toBe(404);
  expect(await text(answer)).toContain('<html');
  sending.destroy();
  expect((await ticket()).state).toBe(before.state);
});

test('a step that is reported by a link that ended meanwhile is refused', async () => {
  const { gateway, operator, link, ticket } = await crew();
  const { url } = await link();
  const store = await gateway.store();
  const token = new URL(url).pathname.split('/')[2] as string;
  const held = (await findCrewLink(store, token)) as CrewLink;
  const before = await ticket();
  await call(operator.base, 'DELETE', `/api/tickets/${before.id}/crew-link`, { headers: operator.headers });
  const parts = { store, evidence: openEvidence(gateway.config), decoding: new DecodeQueue() };
  const actor = { name: 'unit:road-maintenance', channel: 'crew' };
  const report = { step: 'accept', photos: [] } as const;
  await expect(reportStep(parts, gateway.config, held, report, actor)).rejects.toThrow('the link has ended');
  expect((await ticket()).state).toBe(before.state);
});

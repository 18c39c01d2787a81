/** Photographs as telephones take them and lines carry them: large, many at once, slow, broken off, or of a step that is over. */
import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '@roadwatch/contract';
import { pino } from 'pino';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { openEvidence } from '../../src/evidence/open.ts';
import type { BodyLimits } from '../../src/main.ts';
import { purgeEvidence } from '../../src/retention/purge.ts';
import { testGateway } from '../../testing/gateway.ts';

async function crewOnSite(limits?: BodyLimits) {
  const gateway = await testGateway({}, limits);
  const agent = await gateway.agent();
  await agent.report();
  const operator = await gateway.operator();
  const path = await operator.dispatch({});
  const { url } = (await operator.post(`${path}/crew-link`)).body as { url: string };
  const send = async (step: string, photos: readonly Uint8Array[] = []) => {
    const form = new FormData();
    for (const photo of photos) form.append('photo', new Blob([Uint8Array.from(photo)]), 'photo.jpg');
    const answer = await fetch(new URL(`${step}?lang=en`, url), {
      method: 'POST',
      body: form,
      redirect: 'manual',
    });
    return { status: answer.status, page: await answer.text(), type: answer.headers.get('content-type') };
  };
  await send('arrive');
  const stored = () => {
    const folder = join(gateway.config.dataDir, 'evidence');
    const names = existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]) : [];
    return names.filter((name) => /\/[0-9a-f]{64}$/.test(name)).length;
  };
  const arriving = () => readdirSync(join(gateway.config.dataDir, 'uploads'));
  return { gateway, url, send, stored, arriving, ticket: async () => (await operator.get(path)).body };
}

function grey(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: '#777' }, limitInputPixels: false });
}

/** Says `POST`, its head, and then lets the test send what it likes. */
function rawUpload(url: string, step: string, body: Buffer) {
  const { hostname, port, pathname } = new URL(step, url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST ${pathname}?lang=en HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
  );
  return { socket, answer: text(socket) };
}

function formOf(photo: Buffer): Buffer {
  const head = '--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n';
  return Buffer.concat([Buffer.from(head), photo, Buffer.from('\r\n--b--\r\n')]);
}

test.each([
  ['64 megapixels', 9248, 6936],
  ['108 megapixels', 12_000, 9_000],
  ['200 megapixels', 16_320, 12_240],
])(
  'a photograph of %s, as telephones take them, is kept at the size of a screen',
  async (_, width, height) => {
    const { send, ticket, gateway } = await crewOnSite();
    expect((await send('repair', [await grey(width, height).jpeg().toBuffer()])).status).toBe(303);
    const [{ sha256 }] = (await ticket()).photos;
    const path = join(gateway.config.dataDir, 'evidence', sha256.slice(0, 2), sha256);
    expect(await sharp(path).metadata()).toMatchObject({ format: 'jpeg', width: 2560 });
  },
);

describe('a photograph that cannot be taken', () => {
  const heic = Buffer.concat([
    Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
    Buffer.alloc(2000),
  ]);
  const cases: [string, () => Promise<Buffer>, RegExp][] = [
    ['HEIC', async () => heic, /HEIC format.*JPEG/],
    ['GIF', () => grey(20, 20).gif().toBuffer(), /Send JPEG, PNG or WebP/],
    ['PNG of 70 megapixels', () => grey(10_000, 7_000).png().toBuffer(), /fewer megapixels/],
    [
      'cut off',
      async () => (await grey(800, 600).jpeg().toBuffer()).subarray(0, 700),
      /damaged or incomplete/,
    ],
  ];
  test('is answered with a page that says what is wrong with it', async () => {
    const { send, ticket } = await crewOnSite();
    for (const [name, make, words] of cases) {
      const { status, page, type } = await send('repair', [await make()]);
      expect([name, status, type]).toEqual([name, 422, 'text/html; charset=utf-8']);
      expect(page).toMatch(words);
    }
    expect((await ticket()).photos).toEqual([]);
  });
});

test('five photographs at once are too many, and said to be', async () => {
  const { send, ticket } = await crewOnSite();
  const photo = await grey(40, 30).jpeg().toBuffer();
  const { status, page } = await send(
    'repair',
    Array.from({ length: 5 }, () => photo),
  );
  expect([status, page]).toEqual([422, expect.stringContaining('at most 4 at once')]);
  expect((await ticket()).photos).toEqual([]);
});

test('photographs of a step that is refused leave nothing behind', async () => {
  const { send, stored, arriving } = await crewOnSite();
  const before = stored();
  for (const shade of [10, 20, 30]) {
    const photo = await sharp({
      create: { width: 640, height: 480, channels: 3, background: { r: shade, g: 0, b: 0 } },
    })
      .jpeg()
      .toBuffer();
    expect((await send('arrive', [photo])).status).toBe(409);
  }
  expect([stored(), arriving()]).toEqual([before, []]);
});

test('photographs that lose a race for the step are purged within hours, and the winner’s stay', async () => {
  const { send, stored, gateway, ticket } = await crewOnSite();
  const before = stored();
  const photos = await Promise.all(
    [50, 60].map((r) =>
      sharp({ create: { width: 640, height: 480, channels: 3, background: { r, g: 0, b: 0 } } })
        .jpeg()
        .toBuffer(),
    ),
  );
  const answers = await Promise.all(photos.map((photo) => send('repair', [photo])));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
  const store = await gateway.store();
  const evidence = openEvidence(gateway.config);
  const purge = () => purgeEvidence(store, evidence, gateway.config.retention, pino({ level: 'silent' }));
  await purge();
  // Whoever stored what no report claims may still be about to claim it; two hours later nobody is.
  await store.transaction((tx) =>
    tx.db
      .updateTable('evidence_deletions')
      .set({ since: tx.at - 1 })
      .execute(),
  );
  await purge();
  expect(stored()).toBe(before + 1);
  expect((await ticket()).photos).toHaveLength(1);
});

test('an order holds so many photographs, and then says so', async () => {
  const { send, gateway, ticket } = await crewOnSite();
  const photo = await grey(40, 30).jpeg().toBuffer();
  expect((await send('make_safe', [photo])).status).toBe(303);
  const store = await gateway.store();
  await store.transaction(async (tx) => {
    const row = await tx.db.selectFrom('ticket_photos').selectAll().executeTakeFirstOrThrow();
    for (let index = 0; index < 59; index++)
      await tx.db
        .insertInto('ticket_photos')
        .values({ ...row, id: newId() })
        .execute();
  });
  const { status, page } = await send('repair', [photo]);
  expect([status, page]).toEqual([422, expect.stringContaining('as many photographs as it can hold')]);
  expect((await ticket()).state).toBe('made_safe');
});

test('while bytes flow a slow telephone has as long as it needs, though other bodies may take a moment only', async () => {
  const { url, gateway, ticket } = await crewOnSite({ bodyMs: 300 });
  const form = formOf(await grey(640, 480).jpeg().toBuffer());
  const { socket, answer } = rawUpload(url, 'repair', form);
  const part = Math.ceil(form.length / 8);
  for (let at = 0; at < form.length; at += part) {
    socket.write(form.subarray(at, at + part));
    await delay(120);
  }
  expect(await answer).toMatch(/^HTTP\/1.1 303 /);
  expect((await ticket()).state).toBe('repaired');

  const { hostname, port } = new URL(gateway.url);
  const api = connect(Number(port), hostname);
  api.write(
    'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  );
  expect(await text(api)).toMatch(/^HTTP\/1.1 408 [\s\S]*problem\+json/);
});

test('a telephone that has lost its line is answered with a page, and nothing stays of what it sent', async () => {
  const { url, ticket, arriving } = await crewOnSite({ uploadIdleMs: 300 });
  const form = formOf(await grey(640, 480).jpeg().toBuffer());
  const { socket, answer } = rawUpload(url, 'repair', form);
  socket.write(form.subarray(0, 500));
  expect(await answer).toMatch(/^HTTP\/1.1 408 [\s\S]*text\/html[\s\S]*broke off while sending/);
  expect([(await ticket()).state, arriving()]).toEqual(['on_site', []]);
});

test('whatever goes wrong with a crew’s link is a page, never raw JSON', async () => {
  const { url } = await crewOnSite();
  const cases: [string, RequestInit, number][] = [
    ['nothing-here', {}, 404],
    ['close', { method: 'POST' }, 404],
    ['../short/', {}, 404],
    [`${'0'.repeat(64)}.jpg`, {}, 404],
    ['arrive', { method: 'POST', body: '{"a":', headers: { 'content-type': 'application/json' } }, 400],
    ['arrive', { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } }, 400],
    ['arrive', { method: 'PUT' }, 404],
  ];
  for (const [path, init, status] of cases) {
    const answer = await fetch(new URL(path, url), { ...init, redirect: 'manual' });
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
      path,
      status,
      'text/html; charset=utf-8',
    ]);
  }
  const answers = await Promise.all(Array.from({ length: 130 }, () => fetch(url)));
  const limited = answers.find(({ status }) => status === 429);
  expect(await limited?.text()).toMatch(/<!doctype html>/);
});

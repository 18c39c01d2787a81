/** Photographs in parts and steps that are sent again, as a telephone sends them that had no line. */
import { newId, sha256 } from '@roadwatch/contract';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';

const HALF = 20_000;

async function onSite() {
  const gateway = await testGateway();
  const agent = await gateway.agent();
  await agent.report();
  const operator = await gateway.operator();
  const path = await operator.dispatch({});
  const newLink = async (): Promise<string> => (await operator.post(`${path}/crew-link`)).body.url;
  const url = await newLink();
  await fetch(new URL('arrive', url), { method: 'POST', redirect: 'manual' });
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const photo = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#777', noise } })
    .jpeg({ quality: 90 })
    .toBuffer();
  return {
    operator,
    path,
    url,
    newLink,
    photo,
    name: sha256(photo),
    ticket: async () => (await operator.get(path)).body,
  };
}

async function part(url: string, name: string, bytes: Buffer, offset: number, total: number) {
  const answer = await fetch(new URL(`photos/${name}`, url), {
    method: 'PATCH',
    headers: {
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
      'upload-length': String(total),
    },
    body: Uint8Array.from(bytes),
  });
  const { code } = answer.ok ? { code: null } : ((await answer.json()) as { code: string });
  return { status: answer.status, offset: answer.headers.get('upload-offset'), code };
}

function repair(url: string, photos: readonly string[], key = newId()) {
  return fetch(new URL('reports/repair?lang=en', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ photos }),
  });
}

test('a photograph that came in parts is kept with its step, and the step is taken once however often it is sent', async () => {
  const { url, newLink, photo, name, ticket } = await onSite();
  expect(await part(url, name, photo.subarray(0, HALF), 0, photo.length)).toMatchObject({
    status: 204,
    offset: '20000',
  });
  const here = await fetch(new URL(`photos/${name}`, url), { method: 'HEAD' });
  expect([here.status, here.headers.get('upload-offset')]).toEqual([200, '20000']);
  await part(url, name, photo.subarray(HALF), HALF, photo.length);
  const key = newId();
  expect((await repair(url, [name], key)).status).toBe(200);
  // The answer was lost; meanwhile the crew has another link to the same order.
  const again = await repair(await newLink(), [name], key);
  expect([again.status, await again.json()]).toEqual([200, { state: (await ticket()).state }]);
  expect((await ticket()).photos).toHaveLength(1);
});

test('a part that does not follow, is too large, or is of another photograph is refused by name', async () => {
  const { url, photo, name, ticket } = await onSite();
  const total = photo.length;
  expect(await part(url, name, photo.subarray(HALF), HALF, total)).toMatchObject({
    status: 409,
    code: 'photo_part_misplaced',
  });
  expect((await part(url, name, photo, 0, 10)).status).toBe(422);
  expect((await part(url, name, photo.subarray(0, 10), 0, 9_000_000)).status).toBe(422);
  expect((await part(url, name, Buffer.alloc(200_000), 0, 400_000)).status).toBe(413);
  // Bytes that are not what the name says.
  const other = sha256('other');
  await part(url, other, photo.subarray(0, HALF), 0, HALF);
  const refused = await repair(url, [other]);
  expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
    422,
    'A photograph is damaged or incomplete. Take it again.',
  ]);
  expect((await repair(url, [name])).status).toBe(422);
  expect((await repair(url, [name], 'no uuid')).status).toBe(422);
  expect(await ticket()).toMatchObject({ state: 'on_site', photos: [] });
});

test('a photograph whose parts were damaged on their way is refused, and can be sent anew', async () => {
  const { url, photo, name, ticket } = await onSite();
  const damaged = Buffer.from(photo);
  damaged[HALF] = 255 - (photo[HALF] ?? 0);
  await part(url, name, damaged, 0, photo.length);
  expect((await repair(url, [name])).status).toBe(422);
  expect(await part(url, name, photo, 0, photo.length)).toMatchObject({ status: 204 });
  expect((await repair(url, [name])).status).toBe(200);
  expect((await ticket()).photos).toHaveLength(1);
});

test('parts belong to the order: another link of it goes on with them, and an ended one does nothing more', async () => {
  const { url, newLink, photo, name } = await onSite();
  await part(url, name, photo.subarray(0, HALF), 0, photo.length);
  const next = await newLink();
  expect(await part(url, name, photo.subarray(HALF), HALF, photo.length)).toMatchObject({
    status: 404,
    code: 'crew_link_over',
  });
  expect((await repair(url, [name])).status).toBe(404);
  expect(await part(next, name, photo.subarray(HALF), HALF, photo.length)).toMatchObject({ status: 204 });
});

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Value } from 'typebox/value';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../../testing/folder.ts';
import { RtspClient } from '../../testing/rtsp-client.ts';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, '..', 'cli.ts');
const STREET = `
name: a-street
description: a pothole, and its repair
seed: 3
seconds: 4
video: {width: 320, height: 180, fps: 5, gopSeconds: 1}
weather: [{at: 0, is: day}]
traffic: [{at: 0, vehiclesPerMinute: 0, people: 0}]
damage: [{id: hole, kind: pothole, at: 1, repairedAt: 3, x: 1.7, z: 10}]
faults: [{at: 2, until: 4, fault: {kind: freeze}}]
`;

test('the truth of a scenario, second by second and as COCO, is the same bytes every time', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'street.yaml');
  await writeFile(file, STREET);
  const truth = async (out: string): Promise<[string, string]> => {
    await run(process.execPath, [CLI, 'scenario', file, '--out', join(folder, out), '--no-cache']);
    const read = (name: string): Promise<string> => readFile(join(folder, out, name), 'utf8');
    return [await read('truth.ndjson'), await read('coco.json')];
  };
  const [lines, coco] = await truth('once');
  expect(await truth('again')).toEqual([lines, coco]);
  const seconds = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(seconds.map(({ damage }) => damage.map(({ id }: { id: string }) => id))).toEqual([
    [],
    ['hole'],
    ['hole'],
    ['hole-repair'],
  ]);
  expect(seconds.map(({ faults }) => faults)).toEqual([[], [], ['freeze'], ['freeze']]);
  const [, hole] = seconds;
  const [x, y, width, height] = hole.damage[0].box;
  const [annotation] = JSON.parse(coco).annotations;
  expect(annotation).toMatchObject({ image_id: 2, category_id: 4, damage: 'hole' });
  const pixels = [x * 320, y * 180, width * 320, height * 180];
  for (const [i, value] of pixels.entries()) expect(annotation.bbox[i]).toBeCloseTo(value, 2);
});

test('a scenario is checked without being rendered, and a bad one is refused by name', async () => {
  const folder = await temporaryFolder();
  const [good, bad] = [join(folder, 'good.yaml'), join(folder, 'bad.yaml')];
  await writeFile(good, STREET);
  await writeFile(bad, STREET.replace('at: 1,', 'at: 100,'));
  const { stdout } = await run(process.execPath, [CLI, 'scenario', good, '--check']);
  expect(stdout).toBe(`${good}: ok\n`);
  await expect(run(process.execPath, [CLI, 'scenario', bad, '--check'])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${bad}: damage/0/at: 100 lies after the end`),
  });
});

test('the printed JSON Schema takes what is a scenario and nothing else', async () => {
  const { stdout } = await run(process.execPath, [CLI, 'schema']);
  const schema = JSON.parse(stdout);
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(Value.Check(schema, parse(STREET))).toBe(true);
  expect(Value.Check(schema, { ...parse(STREET), colour: 'red' })).toBe(false);
});

test('a scenario says who is let in and how the login is asked for', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'guarded.yaml');
  const access = 'user: operator\npasswordFile: secret\nlogin: {schemes: [basic, digest-sha256]}\n';
  await writeFile(file, STREET + access);
  const args = ['--source', file, '--port', '0', '--no-cache'];
  await expect(run(process.execPath, [CLI, ...args])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('passwordFile: ENOENT'),
  });
  await writeFile(join(folder, 'secret'), 'a password\n');
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const client = await RtspClient.open(String((await once(child.stdout, 'data'))[0]).trim());
  const refused = await client.ask('DESCRIBE');
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringMatching(/^Basic .*\nDigest .*SHA-256$/),
  ]);
  const login = Buffer.from('operator:a password').toString('base64');
  expect((await client.ask('DESCRIBE', { Authorization: `Basic ${login}` })).status).toBe(200);
  client.close();
});

test('a scenario plays as a camera: its clock waits for a client, its damage is told, its faults begin and end', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'street.yaml');
  await writeFile(file, STREET);
  const args = ['--source', file, '--port', '0', '--no-cache', '--wait-for-client', '--control', '0'];
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const log = new Map<string, PromiseWithResolvers<Record<string, unknown>>>();
  const line = (msg: string): PromiseWithResolvers<Record<string, unknown>> => {
    const known = log.get(msg) ?? Promise.withResolvers();
    log.set(msg, known);
    return known;
  };
  createInterface({ input: child.stderr }).on('line', (text) => {
    const entry = JSON.parse(text);
    line(entry.msg).resolve(entry);
  });
  const url = String((await once(child.stdout, 'data'))[0]).trim();
  const control = String((await line('control').promise).url);
  const state = async (): Promise<{ startedAt: string | null; faults: object[] }> =>
    (await fetch(`${control}/cameras/a-street`)).json() as never;
  expect(await state()).toMatchObject({ startedAt: null, faults: [] });

  const playedAt = Date.now();
  const client = await RtspClient.open(url);
  await client.play();
  const told = await line('damage in view').promise;
  expect(told).toMatchObject({ camera: 'a-street', damage: 'hole', damageClass: 'pothole' });
  const begun = Date.parse((await state()).startedAt as string);
  // The pothole is there with the first picture of second 1.
  expect(Math.abs(Date.parse(String(told.at)) - begun - 1000)).toBeLessThan(10);
  expect(begun).toBeGreaterThanOrEqual(playedAt - 1);
  await line('fault begun').promise;
  expect((await state()).faults).toEqual([{ kind: 'freeze' }]);
  await line('fault ended').promise;
  client.close();

  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

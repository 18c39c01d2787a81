import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelError, shippedModel } from '@roadwatch/models';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temp.ts';
import { ROAD_USERS_MODEL, RoadUsers } from './road-users.ts';
import { RoadUsersProcess } from './road-users-process.ts';

const GREY = {
  pixels: new Uint8Array(3 * 640 * 384).fill(114),
  format: { width: 640, height: 384 },
  content: { width: 640, height: 360 },
};
const PLACE = [0.4, 0.4, 0.1, 0.1] as const;
const shipped = (): string => shippedModel(ROAD_USERS_MODEL);

function roadUsers(folder: () => string) {
  const lines: { msg: string; reason?: string }[] = [];
  const users = new RoadUsers(
    folder,
    pino({ base: null }, { write: (text: string) => void lines.push(JSON.parse(text)) }),
  );
  onTestFinished(() => users.stop());
  return { users, lines };
}

test('in an empty picture nobody is found, however many ask at once', async () => {
  const { users, lines } = roadUsers(shipped);
  const answers = await Promise.all([1, 2, 3].map(() => users.find(GREY, PLACE)));
  expect(answers).toEqual([[], [], []]);
  expect(lines).toEqual([]);
});

test('more questions than can wait are answered by nobody, at once', async () => {
  const { users } = roadUsers(shipped);
  const answers = await Promise.all(Array.from({ length: 12 }, () => users.find(GREY, PLACE)));
  expect(answers.filter((answer) => answer === null)).toHaveLength(4);
});

test('after it was stopped nobody answers, and what was under way ends', async () => {
  const { users } = roadUsers(shipped);
  const underWay = users.find(GREY, PLACE);
  await users.stop();
  expect(await underWay).toBeNull();
  expect(await users.find(GREY, PLACE)).toBeNull();
});

test('without a model that can be used nobody answers, which is logged once', async () => {
  const folder = join(await temporaryFolder(), 'model');
  await cp(shipped(), folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), 'damaged');
  const { users, lines } = roadUsers(() => folder);
  expect(await users.find(GREY, PLACE)).toBeNull();
  expect(await users.find(GREY, PLACE)).toBeNull();
  expect(lines).toMatchObject([
    {
      msg: expect.stringContaining('not looked for'),
      reason: expect.stringContaining('damaged or exchanged'),
    },
  ]);
});

test('where none ships nobody answers either', async () => {
  const { users, lines } = roadUsers(() => shippedModel('no-such-model'));
  expect(await users.find(GREY, PLACE)).toBeNull();
  expect(lines).toMatchObject([{ reason: 'no shipped model is called no-such-model' }]);
});

test('a model that is not what its manifest says is refused by name', async () => {
  const folder = join(await temporaryFolder(), 'model');
  await cp(shipped(), folder, { recursive: true });
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...manifest, classes: manifest.classes.slice(1) }));
  const { signal } = new AbortController();
  const refused = RoadUsersProcess.start(folder, signal);
  await expect(refused).rejects.toThrow(ModelError);
  await expect(refused).rejects.toThrow(
    /output\.kind: output is \[1,3549,85\], for yolox expected \[1,3549,84\]/,
  );
});

test('every kind of vehicle that the shipped model knows counts, and nothing else', async () => {
  const { classes } = JSON.parse(await readFile(join(shipped(), 'manifest.json'), 'utf8'));
  const counted = classes.filter(({ roadUser }: { roadUser: boolean }) => roadUser);
  expect(counted.map(({ name }: { name: string }) => name)).toEqual([
    ...['person', 'bicycle', 'car', 'motorcycle', 'bus', 'train', 'truck'],
  ]);
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../tests/support/temp.ts';
import { readDataset } from './dataset.ts';

async function folderWith(label: string, classes = 'longitudinal_crack\npothole\n'): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'images'));
  await mkdir(join(folder, 'labels'));
  await writeFile(join(folder, 'classes.txt'), classes);
  await writeFile(join(folder, 'images', 'a.jpg'), '');
  await writeFile(join(folder, 'images', 'b.jpg'), '');
  await writeFile(join(folder, 'labels', 'a.txt'), label);
  return folder;
}

test('labels become boxes from the top left; a picture without a label file shows no damage', async () => {
  const { pictures } = await readDataset(await folderWith('1 0.5 0.5 0.2 0.4\n'));
  expect(pictures[0]?.truths).toEqual([
    {
      damageClass: 'pothole',
      box: [expect.closeTo(0.4), expect.closeTo(0.3), expect.closeTo(0.2), expect.closeTo(0.4)],
    },
  ]);
  expect(pictures[1]?.truths).toEqual([]);
});

test.each([
  ['2 0.5 0.5 0.2 0.4', /a\.txt:1: class 2 is not one of the 2/],
  ['1 0.5 0.5 0.2', /a\.txt:1: expected "class cx cy width height"/],
  ['1 0.5 0.5 0.2 0.2\n1 1.5 0.5 0.2 0.4', /a\.txt:2: box outside the picture/],
  ['1 0.5 0.5 0 0.4', /box outside the picture/],
  ['pothole 0.5 0.5 0.2 0.4', /expected "class/],
])('a bad label is refused by file and line: %s', async (label, reason) => {
  await expect(readDataset(await folderWith(label))).rejects.toThrow(reason);
});

test('a class that Roadwatch does not know is refused', async () => {
  await expect(readDataset(await folderWith('', 'cat\n'))).rejects.toThrow(
    /classes.txt:1: unknown class "cat"/,
  );
});

test('a folder of another shape is refused', async () => {
  await expect(readDataset(await temporaryFolder())).rejects.toThrow(/expected images\/ and labels\//);
});

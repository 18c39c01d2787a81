import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NewFiles } from './new-files.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'roadwatch-new-files-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

test('files that cannot be written aside leave nothing, and no folder that was made for them', () => {
  const root = folder();
  const home = join(root, 'etc/roadwatch');
  // One of them would have to be a folder for the other.
  const files = ['a', 'a/b', 'agent.yaml'].map((name) => ({ path: join(home, name), content: name }));
  expect(() => new NewFiles(files)).toThrow();
  expect(readdirSync(root)).toEqual([]);
});

test('files that are taken back leave what was there, and what somebody else has put beside them', () => {
  const root = folder();
  const home = join(root, 'etc/roadwatch');
  const files = new NewFiles([{ path: join(home, 'agent.yaml'), content: 'new' }]);
  files.place();
  expect(readFileSync(join(home, 'agent.yaml'), 'utf8')).toBe('new');
  writeFileSync(join(home, 'note'), 'mine');
  files.takeBack();
  files.close();
  expect(readdirSync(home)).toEqual(['note']);
});

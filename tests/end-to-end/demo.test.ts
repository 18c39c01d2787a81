import { execFile, execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { type Outcome, STEPS } from '../../scripts/demo/timeline.ts';

const run = promisify(execFile);
const ROOT = new URL('../../', import.meta.url).pathname;

test('a pothole that appears on the street becomes a dispatched ticket with pictures that show it', async () => {
  const { stdout } = await run(process.execPath, ['scripts/demo/cli.ts', '--once', '--json'], { cwd: ROOT });
  const outcome = JSON.parse(stdout) as Outcome;
  expect(outcome).toMatchObject({ outcome: 'dispatched', ticket: expect.stringMatching(/^RW-\d{8}-\d{6}$/) });

  const times = STEPS.map(([step]) => Date.parse(outcome.timeline[step] as string));
  expect(times).toEqual(times.toSorted((a, b) => a - b));

  const still = outcome.evidence.find((path) => path.endsWith('still.jpg')) as string;
  const overlay = outcome.evidence.find((path) => path.endsWith('overlay.jpg')) as string;
  expect(await sharp(still).metadata()).toMatchObject({ format: 'jpeg', width: 1280, height: 720 });
  expect(await sharp(overlay).metadata()).toMatchObject({ format: 'jpeg', width: 1280, height: 720 });
  expect(await readFile(still)).not.toEqual(await readFile(overlay));

  expect(programsOf(outcome.evidence[0] as string)).toEqual([]);
}, 180_000);

test('a street without damage gives no ticket, and the reason is said', async () => {
  const demo = run(
    process.execPath,
    ['scripts/demo/cli.ts', '--once', '--json', '--source', 'scene:quiet', '--timeout', '40'],
    { cwd: ROOT },
  );
  await expect(demo).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('"outcome":"failed","reason":"no damage verified"'),
  });
}, 120_000);

test('a source that is not there is refused at once', async () => {
  const demo = run(process.execPath, ['scripts/demo/cli.ts', '--once', '--source', 'no/such.mp4'], {
    cwd: ROOT,
  });
  await expect(demo).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^demo: --source no\/such.mp4: no such file/),
  });
});

/** Processes whose command line names the folder of the run that this evidence is of. */
function programsOf(evidence: string): string[] {
  const folder = evidence.slice(0, evidence.indexOf('/evidence/'));
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder));
}

/** Where a history has its configurations, stores and logs; ROADWATCH_FAULTS_KEEP=1 leaves it for whoever wants to read them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function historyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-faults-'));
  onTestFinished(() => {
    if (process.env.ROADWATCH_FAULTS_KEEP === '1') console.log(`kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

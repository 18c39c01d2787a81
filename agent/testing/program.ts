/** Programs that stand in for those of the system. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** For this test, a program of this name before all others. */
export function inPlaceOf(program: string, script: string): void {
  const dir = mkdtempSync(join(tmpdir(), 'roadwatch-path-'));
  const before = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = before;
    rmSync(dir, { recursive: true });
  });
  writeFileSync(join(dir, program), `#!/bin/sh\n${script}\n`);
  chmodSync(join(dir, program), 0o755);
  process.env.PATH = `${dir}:${before}`;
}

/** The configuration of a gateway for one test, with a folder of its own that goes with the test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Config, parseConfig } from '../src/config/config.ts';

/** Sections of the configuration that a test sets; the rest are the defaults, with free ports and no recall. */
export type Settings = Readonly<Record<string, unknown>>;

export function testConfig(settings: Settings = {}): Config {
  const dataDir = mkdtempSync(join(tmpdir(), 'roadwatch-gateway-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  mkdirSync(join(dataDir, 'console'));
  for (const page of ['index.html', 'wall.html'])
    writeFileSync(join(dataDir, 'console', page), '<!doctype html><title>Roadwatch</title>');
  const sections = { http: { port: 0 }, broker: { port: 0 }, dispatch: { recallSeconds: 0 }, ...settings };
  return parseConfig(JSON.stringify({ dataDir, ...sections }), join(dataDir, 'gateway.yaml'));
}

/** A gateway, a line to it that is as bad as a test wants it, and boxes at its other end. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { registerAgent } from '../../../gateway/src/agents/registry.ts';
import { type TestGateway, testGateway } from '../../../gateway/testing/gateway.ts';
import { type LineQuality, SlowLink } from '../../support/slow-link.ts';
import { type RigOptions, type UplinkRig, uplinkRig } from './uplink-rig.ts';

const BOX = { site: 'site', agent: 'box' };

export function clipOf(bytes: number): Buffer {
  return Buffer.concat([Buffer.from('\0\0\0\x18ftypisom', 'latin1'), randomBytes(bytes - 12)]);
}

export function pictureOf(bytes: number): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), randomBytes(bytes - 3)]);
}

interface SlowLine {
  readonly gateway: TestGateway;
  readonly link: SlowLink;
  readonly password: string;
  box(folder?: string, budget?: Pick<RigOptions, 'bytesPerDay' | 'clock'>): Promise<UplinkRig>;
  /** What lies in the gateway's evidence under this name. */
  kept(name: string): Promise<Buffer>;
}

export async function slowLine(quality: LineQuality): Promise<SlowLine> {
  const gateway = await testGateway();
  const password = await registerAgent(await gateway.store(), BOX);
  const link = await SlowLink.start(Number(new URL(gateway.mqttUrl).port), quality);
  onTestFinished(() => link.stop());
  const mqtt = { username: 'site/box', password, ackTimeoutSeconds: 5 };
  return {
    gateway,
    link,
    password,
    box: (folder, budget) =>
      uplinkRig(`mqtt://127.0.0.1:${link.port}`, {
        mqtt,
        ...(folder === undefined ? {} : { folder }),
        ...budget,
      }),
    kept: (name) => readFile(join(gateway.config.evidence.dir as string, name.slice(0, 2), name)),
  };
}

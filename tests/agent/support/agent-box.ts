/** An agent in this process, with a camera that shows a street on which a test model always finds the same pothole. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningCamera, type StartCameraOptions, startCamera } from '@roadwatch/simulator';
import { pino } from 'pino';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { parseConfig, type ResolvedConfig, readConfig } from '../../../agent/src/config/config.ts';
import { type Agent, startAgent } from '../../../agent/src/main.ts';
import { writeTestModel } from '../../support/model.ts';
import { temporaryFolder } from '../../support/temp.ts';

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export interface AgentBox {
  readonly agent: Agent;
  readonly lines: readonly LogLine[];
  /** The first line, or a later one, with this message; the test's own time limit ends the wait. */
  line(msg: string, nth?: number): Promise<LogLine>;
}

/** Bright, with structure that a compressor keeps: neither dark nor covered, and much like a picture of a road to the gate. */
export async function streetPicture(width = 800, height = 448): Promise<string> {
  const file = join(await temporaryFolder(), 'street.png');
  const side = Math.round(width / 16);
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const block = (Math.floor(x / side) * 7 + Math.floor(y / side) * 13) % 5;
      pixels.fill(150 + block * 24, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file);
  return file;
}

/** A keyframe each half second, so that nobody waits. */
export async function streetCamera(change: Partial<StartCameraOptions> = {}): Promise<RunningCamera> {
  const camera = await startCamera({
    source: await streetPicture(),
    encoder: { gopSeconds: 0.5, ...change.encoder },
    startOn: 'launch',
    ...change,
  });
  onTestFinished(() => camera.stop());
  return camera;
}

/** Finds one pothole in any bright picture. */
export function potholeModel(): Promise<string> {
  return potholesModel([32, 16, 44, 24]);
}

/** Finds a pothole at each place: left, top, right and bottom in its input. */
export function potholesModel(...places: readonly (readonly number[])[]): Promise<string> {
  // Scaled by the picture's brightness, as is the score.
  const answer = places.flatMap((place) => [...place, 1, 0]);
  return writeTestModel({ kind: 'boxes', outputShape: [1, places.length, 6], answer });
}

/** Starts it in a folder, which may be that of one that was stopped. `change` is laid over the configuration file. */
export async function startBox(
  folder: string,
  mqttUrl: string,
  camera: object,
  change: object = {},
): Promise<AgentBox> {
  const settings = boxSettings(mqttUrl, camera, change);
  return start(parseConfig(JSON.stringify(settings), join(folder, 'agent.yaml')), null);
}

/** As `startBox`, from a file; `write` puts other settings in its place, as an editor does. */
export async function startBoxOfFile(
  folder: string,
  settings: object,
): Promise<AgentBox & { write(settings: object): void }> {
  const file = join(folder, 'agent.yaml');
  const write = (value: object): void => {
    writeFileSync(`${file}.new`, JSON.stringify(value));
    renameSync(`${file}.new`, file);
  };
  write(settings);
  return { ...(await start(readConfig(file), file)), write };
}

/** What a configuration file says. */
export function boxSettings(mqttUrl: string, camera: object, change: object = {}): object {
  return {
    site: 'site',
    agent: 'box',
    dataDir: 'data',
    mqtt: { url: mqttUrl },
    health: { port: 0 },
    // Each of many agents on a test machine would begin a process for pictures in which nobody drives.
    verify: { minSeconds: 1, minLooks: 3, roadUsers: false },
    // And each would measure it.
    inference: { threads: 1, provider: 'cpu' },
    cameras: [{ id: 'camera-1', name: { en: 'Camera 1', zh: '摄像机1' }, ...camera }],
    ...change,
  };
}

async function start(config: ResolvedConfig, file: string | null): Promise<AgentBox> {
  const lines: LogLine[] = [];
  const waiters = new Set<() => void>();
  const write = (text: string): void => {
    lines.push(JSON.parse(text) as LogLine);
    for (const wake of waiters) wake();
    waiters.clear();
  };
  const agent = await startAgent(config, pino({ base: null }, { write }), file);
  onTestFinished(async () => {
    await agent.stop();
  });
  return {
    agent,
    lines,
    line: async (msg, nth = 1) => {
      for (;;) {
        const found = lines.filter((line) => line.msg === msg)[nth - 1];
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => waiters.add(resolve));
      }
    },
  };
}

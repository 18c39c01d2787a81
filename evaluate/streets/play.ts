/** Plays streets, several at once and over and over, to one real agent, and keeps what it called damage. */
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Detection } from '@roadwatch/contract';
import type { RunningCamera, StartCameraOptions } from '@roadwatch/simulator';
import { type AgentSettings, begun, type Watched, watchCameras } from '../watched.ts';
import type { Street } from './streets.ts';

interface FalseAlarm {
  readonly detection: Detection;
  /** Of camera time, when its picture was taken. */
  readonly second: number;
  /** The agent's own overlay; null when it did not come. */
  readonly picture: Buffer | null;
}

export interface PlayedStreet {
  readonly name: string;
  readonly kind: Street['kind'];
  /** Camera time. */
  readonly seconds: number;
  /** Frames that the model saw, bursts of them, and candidates that lay on vehicles or people. */
  readonly analysed: number;
  readonly closerLooks: number;
  readonly refused: number;
  readonly falseAlarms: readonly FalseAlarm[];
}

interface Playing {
  /** So long each street is played. */
  readonly seconds: number;
  /** Ends it earlier; what was played until then counts. */
  readonly signal: AbortSignal;
  onDetection?(detection: Detection): void;
}

/** So long each picture stands: longer than verification takes. */
const DWELL_SECONDS = 20;
/** Its noise and sway are seen by a burst; more frames would only be decoded in vain. */
const PICTURE_FPS = 5;
/** Published before this, an agent's word still counts; the pictures of what it said may follow within the other. */
const LAST_WORDS_MS = 3000;
const LAST_PICTURES_MS = 30_000;

/** Throws ModelError, UnusableSourceError. */
export async function playStreets(
  streets: readonly Street[],
  settings: AgentSettings,
  { seconds, signal, onDetection }: Playing,
): Promise<PlayedStreet[]> {
  const folder = await mkdtemp(join(tmpdir(), 'roadwatch-streets-'));
  try {
    const starts: StartCameraOptions[] = [];
    for (const [i, street] of streets.entries()) starts.push(await cameraOf(street, join(folder, String(i))));
    return await watchCameras(
      starts,
      settings,
      async ({ cameras, detectionsOf, evidence, looksAt }) => {
        const played = await Promise.all(cameras.map((camera) => playUntil(camera, seconds, signal)));
        await sleep(LAST_WORDS_MS);
        const opened = streets.map((_, i) => detectionsOf(i).filter(({ event }) => event === 'opened'));
        const until = performance.now() + LAST_PICTURES_MS;
        while (opened.flat().some((one) => isOwed(one, evidence)) && performance.now() < until)
          await sleep(200);
        return streets.map(({ name, kind }, i): PlayedStreet => {
          const { startedAtMs, playedSeconds } = played[i] as Awaited<ReturnType<typeof playUntil>>;
          const falseAlarms = (opened[i] as Detection[]).map(
            (detection): FalseAlarm => ({
              detection,
              second: (Date.parse(detection.capturedAt) - startedAtMs) / 1000,
              picture: evidence.get(overlayOf(detection)) ?? null,
            }),
          );
          return { name, kind, seconds: playedSeconds, ...looksAt(i), falseAlarms };
        });
      },
      onDetection,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether its picture is announced and has not come. */
function isOwed(detection: Detection, evidence: Watched['evidence']): boolean {
  return detection.evidence.some(({ kind }) => kind === 'overlay') && !evidence.has(overlayOf(detection));
}

function overlayOf({ id, evidence }: Detection): string {
  return `${id}/${evidence.find(({ kind }) => kind === 'overlay')?.name}`;
}

/** A clip loops as it is; pictures come one after another, each with the sway and the noise of a camera. `folder`: free to be made. */
async function cameraOf({ kind, files }: Street, folder: string): Promise<StartCameraOptions> {
  if (kind === 'clip') return { source: files[0] as string };
  await mkdir(folder);
  // Their names would not sort as they were taken.
  for (const [i, file] of files.entries()) {
    await symlink(file, join(folder, `${String(i).padStart(4, '0')}${extname(file)}`));
  }
  return { source: folder, dwellSeconds: DWELL_SECONDS, encoder: { fps: PICTURE_FPS } };
}

async function playUntil(
  camera: RunningCamera,
  seconds: number,
  signal: AbortSignal,
): Promise<{ readonly startedAtMs: number; readonly playedSeconds: number }> {
  const startedAtMs = await begun(camera);
  const restMs = Math.max(0, startedAtMs + seconds * 1000 - Date.now());
  await sleep(restMs, undefined, { signal }).catch(() => {});
  return { startedAtMs, playedSeconds: (Date.now() - startedAtMs) / 1000 };
}

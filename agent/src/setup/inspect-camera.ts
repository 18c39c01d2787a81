/** What a camera turns out to be: its streams by ONVIF, else by its maker's habits, and a picture from the one that is used. */
import { isIP } from 'node:net';
import { type Credentials, SecretUrl } from '@roadwatch/common';
import { CAMERA_FAULTS } from '@roadwatch/contract/codes';
import { codeOf } from '../camera/faults.ts';
import { accessTo } from '../camera/rtsp/access.ts';
import { CameraFault } from '../camera/rtsp/fault.ts';
import type { Words } from '../language.ts';
import type { Candidate, Refused } from './find-cameras.ts';
import { type Look, lookAt } from './look.ts';
import { makersOf, urlsOf } from './makers.ts';
import { describeCamera } from './onvif/camera.ts';
import { chooseStreams } from './onvif/choose-streams.ts';
import { OnvifError } from './onvif/onvif-error.ts';
import { rtspMarks } from './rtsp-marks.ts';
import { RTSP_PORT } from './scan.ts';
import type { ServiceUser } from './service-user.ts';

export interface InspectedCamera {
  readonly host: string;
  /** What it calls itself, or its maker and model; may be empty. */
  readonly name: string;
  /** Without a login. */
  readonly url: string;
  readonly detectUrl: string | null;
  readonly look: Look;
  /** Its clock less ours; null where it does not tell. */
  readonly clockAheadMs: number | null;
}

/** How it is looked at. */
interface Access {
  readonly login: Credentials | null;
  /** Whom ffmpeg runs as, where root looks. */
  readonly user: ServiceUser | null;
}

interface Streams {
  readonly name: string;
  readonly url: string;
  readonly detectUrl: string | null;
  readonly clockAheadMs: number | null;
  /** Where it was looked at already, to be sure that it is there. */
  readonly look?: Look;
}

/** One entry for each lens that shows a picture, and why others do not. One wrong password ends it, so that no camera locks. */
export async function inspectCamera(
  candidate: Candidate,
  access: Access,
  signal: AbortSignal,
): Promise<{ readonly cameras: readonly InspectedCamera[]; readonly refused: readonly Refused[] }> {
  const cameras: InspectedCamera[] = [];
  const refused: Refused[] = [];
  try {
    for (const streams of await streamsOf(candidate, access, signal)) {
      try {
        const picture = streams.look ?? (await look(streams.url, access, signal));
        const detectUrl = await usable(streams.detectUrl, access, signal);
        cameras.push({ host: candidate.host, ...streams, detectUrl, look: picture });
      } catch (error) {
        refused.push({ host: candidate.host, words: wordsOf(error) });
        if (isRefusal(error)) break;
      }
    }
  } catch (error) {
    refused.push({ host: candidate.host, words: wordsOf(error) });
  }
  return { cameras, refused };
}

async function streamsOf(
  { host, name, service, stream }: Candidate,
  access: Access,
  signal: AbortSignal,
): Promise<readonly Streams[]> {
  if (stream !== null) return [{ name, url: stream, detectUrl: null, clockAheadMs: null }];
  if (service === null) return [await byMaker(host, name, access, signal)];
  const { manufacturer, model, clockAheadMs, streams } = await describeCamera(service, access.login, signal);
  const called = name || `${manufacturer} ${model}`.trim();
  return chooseStreams(streams).map(({ main, sub }, index) => ({
    name: index === 0 ? called : `${called} ${index + 1}`,
    url: main.url,
    detectUrl: sub?.url ?? null,
    clockAheadMs,
  }));
}

/** A sub-stream that shows nothing is left out: the main one does for both. */
async function usable(url: string | null, access: Access, signal: AbortSignal) {
  if (url === null) return null;
  try {
    await look(url, access, signal);
    return url;
  } catch (error) {
    if (error instanceof CameraFault) return null;
    throw error;
  }
}

/** The first of the makers' paths that shows a picture; a path that is not there is no wrong password. */
async function byMaker(host: string, name: string, access: Access, signal: AbortSignal): Promise<Streams> {
  const marks = await rtspMarks(host, RTSP_PORT, signal);
  let problem: unknown = new CameraFault('unreachable', 'neither ONVIF nor RTSP answers');
  const makers = marks.length === 0 ? [] : makersOf(marks);
  for (const maker of makers) {
    const { main, sub } = urlsOf(maker, isIP(host) === 6 ? `[${host}]` : host);
    try {
      const seen = await look(main, access, signal);
      const called = name || (makers.length === 1 ? maker.name : '');
      return { name: called, url: main, detectUrl: sub, clockAheadMs: null, look: seen };
    } catch (error) {
      problem = error;
      if (!(error instanceof CameraFault) || error.kind !== 'not-found') break;
    }
  }
  throw problem;
}

function look(url: string, { login, user }: Access, signal: AbortSignal): Promise<Look> {
  const plain = accessTo({ allowBasic: false, redirectTo: [], transport: 'tcp' }, new SecretUrl(url));
  return lookAt({ ...plain, login }, 0, signal, user);
}

function isRefusal(error: unknown): boolean {
  return error instanceof CameraFault && error.kind === 'refused';
}

/** For a person; anything else than what a camera does wrong is thrown on. */
function wordsOf(error: unknown): Words {
  if (error instanceof OnvifError) return error.words;
  if (error instanceof CameraFault)
    return { en: error.reason, zh: CAMERA_FAULTS[codeOf(error.kind)].zh.replace(/。$/, '') };
  throw error;
}

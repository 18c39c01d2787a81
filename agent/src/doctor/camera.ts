/** One camera: one connection, with one login, watched for a few seconds; and what its clock shows. */
import { isIP } from 'node:net';
import { redactText, type SecretUrl } from '@roadwatch/common';
import { CAMERA_FAULTS } from '@roadwatch/contract/codes';
import { codeOf, type FaultKind } from '../camera/faults.ts';
import { accessTo } from '../camera/rtsp/access.ts';
import { CameraFault } from '../camera/rtsp/fault.ts';
import type { CameraConfig } from '../config/schema.ts';
import type { Words } from '../language.ts';
import { type Look, lookAt } from '../setup/look.ts';
import { readClock } from '../setup/onvif/camera.ts';
import { OnvifError } from '../setup/onvif/onvif-error.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const WATCH_SECONDS = 6;
const RARE_SECONDS = 5;
const CLOCK_MS = 5_000;

const MENDS: Partial<Record<FaultKind, Words>> = {
  unreachable: { en: 'see to its power, cable and address (url)', zh: '检查摄像机供电、网线和地址（url）' },
  refused: {
    en: 'mend username and password (or what the reason names) before it is tried again, so that it does not lock',
    zh: '先更正 username 和 password（或原因中所述设置）再重试，以免账号锁定',
  },
  'not-found': {
    en: 'mend the path in url; init finds it by ONVIF',
    zh: '更正 url 中的路径；可用 init 通过 ONVIF 查找',
  },
  busy: { en: 'end other viewers, or raise its limit', zh: '断开其他观看者，或提高连接上限' },
};
const LOOK: Words = { en: "look at the camera's settings", zh: '检查摄像机设置' };

/** `isRunning`: the agent is, or may be, beside us, so a camera with room for one viewer has none for us. */
export async function checkCamera(
  camera: CameraConfig,
  isRunning: boolean,
  signal: AbortSignal,
): Promise<Finding[]> {
  const id = `camera.${camera.id}`;
  if (!camera.enabled)
    return [ok(id, `${camera.id}: paused, and left alone`, `${camera.id}：已暂停，未检测`)];
  const look = await lookFrom(camera, camera.url, WATCH_SECONDS, signal);
  if (look instanceof CameraFault) {
    const busy = look.kind === 'busy' && isRunning;
    return [(busy ? warn : fail)(id, saidOf(camera.id, look), MENDS[look.kind] ?? LOOK)];
  }
  const { size, codec, keyframeSeconds } = look;
  const what = `${codec}, ${Math.round(size.width)} x ${Math.round(size.height)}`;
  const found: Finding[] = [ok(id, `${camera.id}: ${what}`, `${camera.id}：${what}`)];
  if (codec === 'JPEG')
    found.push(
      warn(`${id}.codec`, faultWords(camera.id, 'camera_sends_jpeg'), {
        en: 'set it to H.264',
        zh: '设为 H.264',
      }),
    );
  if (keyframeSeconds !== null && keyframeSeconds >= RARE_SECONDS)
    found.push(
      warn(
        `${id}.keyframes`,
        {
          en: `${camera.id}: a keyframe every ${keyframeSeconds.toFixed(0)} s or more rarely`,
          zh: `${camera.id}：关键帧间隔 ${keyframeSeconds.toFixed(0)} 秒或更长`,
        },
        { en: 'set it to one every 2 s', zh: '设为每 2 秒一个关键帧' },
      ),
    );
  else if (keyframeSeconds !== null)
    found.push(
      ok(
        `${id}.keyframes`,
        `${camera.id}: a keyframe every ${keyframeSeconds.toFixed(1)} s`,
        `${camera.id}：关键帧间隔 ${keyframeSeconds.toFixed(1)} 秒`,
      ),
    );
  found.push(...(await subStream(camera, signal)), ...(await clock(camera, signal)));
  return found;
}

/** Only after the main stream has let us in: a wrong password is told once. */
async function subStream(camera: CameraConfig, signal: AbortSignal): Promise<Finding[]> {
  if (camera.detectUrl === undefined) return [];
  const id = `camera.${camera.id}.sub`;
  const look = await lookFrom(camera, camera.detectUrl, 0, signal);
  if (look instanceof CameraFault)
    return [
      fail(id, saidOf(`${camera.id} (detectUrl)`, look), {
        en: 'mend detectUrl, or leave it out',
        zh: '更正或删除 detectUrl',
      }),
    ];
  const what = `${look.codec}, ${Math.round(look.size.width)} x ${Math.round(look.size.height)}`;
  return [ok(id, `${camera.id}: sub-stream ${what}`, `${camera.id}：子码流 ${what}`)];
}

/** By ONVIF, which tells it without a login; nothing is said of a camera that does not answer. */
async function clock(camera: CameraConfig, signal: AbortSignal): Promise<Finding[]> {
  const { hostname } = new URL(camera.url.reveal());
  const host = isIP(hostname) === 6 ? `[${hostname}]` : hostname;
  try {
    const aheadMs = await readClock(new URL(`http://${host}/onvif/device_service`), signal);
    if (aheadMs === null) return [];
    const id = `camera.${camera.id}.clock`;
    const seconds = Math.round(Math.abs(aheadMs) / 1000);
    const way = aheadMs > 0 ? { en: 'ahead', zh: '快' } : { en: 'behind', zh: '慢' };
    if (Math.abs(aheadMs) <= CLOCK_MS)
      return [ok(id, `${camera.id}: its clock is right`, `${camera.id}：时钟准确`)];
    return [
      warn(
        id,
        {
          en: `${camera.id}: its clock is ${seconds} s ${way.en}`,
          zh: `${camera.id}：时钟${way.zh} ${seconds} 秒`,
        },
        { en: 'have it take its time by NTP', zh: '启用 NTP 校时' },
      ),
    ];
  } catch (error) {
    if (error instanceof OnvifError) return [];
    throw error;
  }
}

async function lookFrom(
  camera: CameraConfig,
  url: SecretUrl,
  seconds: number,
  signal: AbortSignal,
): Promise<Look | CameraFault> {
  try {
    return await lookAt(accessTo(camera, url), seconds, signal);
  } catch (error) {
    if (error instanceof CameraFault) return error;
    throw error;
  }
}

function saidOf(name: string, { kind, reason }: CameraFault): Words {
  return { en: `${name}: ${redactText(reason)}`, zh: faultWords(name, codeOf(kind)).zh };
}

function faultWords(name: string, code: keyof typeof CAMERA_FAULTS): Words {
  const { en, zh } = CAMERA_FAULTS[code];
  return { en: `${name}: ${en}`, zh: `${name}：${zh}` };
}

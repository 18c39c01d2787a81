/** The smaller stream of a camera whose full one shows a picture: as ONVIF names it, else where its maker has it. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { SecretUrl, splitLogin } from '@roadwatch/common';
import { accessTo, parseAddress } from '../camera/rtsp/access.ts';
import { CameraFault } from '../camera/rtsp/fault.ts';
import type { CameraConfig } from '../config/schema.ts';
import { onvifAt } from './find-cameras.ts';
import { lookAt } from './look.ts';
import { subPathOf } from './makers.ts';
import { describeCamera, type OnvifStream } from './onvif/camera.ts';
import { chooseStreams } from './onvif/choose-streams.ts';
import { OnvifError } from './onvif/onvif-error.ts';
import { ONVIF_PORTS, scanHosts } from './scan.ts';

/** There is none that can be used; the message says why. */
class NoSubStream extends Error {
  override readonly name = 'NoSubStream';
}

/** A camera that answers slowly is not waited for without end. */
const LONGEST_MS = 90_000;

/**
 * The address, with the camera's login, of a stream that has just shown a picture. To be asked once the camera has let the agent in: a wrong
 * password is not told to ONVIF as well. `ports`: where ONVIF may be. Throws NoSubStream, and what `signal` is aborted with.
 */
export async function findSubStream(
  camera: CameraConfig,
  signal: AbortSignal,
  ports: readonly number[] = ONVIF_PORTS,
): Promise<SecretUrl> {
  const late = AbortSignal.timeout(LONGEST_MS);
  const either = AbortSignal.any([signal, late]);
  try {
    const url = at(camera.url, await subPath(camera.url, either, ports));
    await lookAt(accessTo(camera, url), 0, either);
    return url;
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) throw new NoSubStream(`nothing was found in ${LONGEST_MS / 1000} s`);
    if (error instanceof CameraFault)
      throw new NoSubStream(`the stream that was found shows no picture: ${error.reason}`);
    throw error;
  }
}

/** Throws NoSubStream. */
async function subPath(full: SecretUrl, signal: AbortSignal, ports: readonly number[]): Promise<string> {
  const named = await byOnvif(full, signal, ports);
  if (typeof named === 'string') return named;
  const path = subPathOf(pathOf(full.reveal()));
  if (path !== null) return path;
  throw new NoSubStream(`${named.message}, and the path of url is of no maker that is known`);
}

/** Its path, or why ONVIF names none. */
async function byOnvif(
  full: SecretUrl,
  signal: AbortSignal,
  ports: readonly number[],
): Promise<string | NoSubStream> {
  const service = await serviceOf(full, signal, ports);
  if (service === null) return new NoSubStream('the camera does not answer by ONVIF');
  try {
    const { streams } = await describeCamera(service, splitLogin(full.reveal()).login, signal);
    const sub = smallerThan(pathOf(full.reveal()), streams);
    return sub === null ? new NoSubStream('ONVIF names no smaller stream of the same view') : pathOf(sub.url);
  } catch (error) {
    if (error instanceof OnvifError) return new NoSubStream(error.message);
    throw error;
  }
}

/** A device names itself by its address, so a name is asked for once. */
async function serviceOf(
  full: SecretUrl,
  signal: AbortSignal,
  ports: readonly number[],
): Promise<URL | null> {
  const { host } = parseAddress(full.reveal()) ?? { host: '' };
  const address =
    isIP(host) === 0 ? await lookup(host, { order: 'ipv4first' }).catch(() => null) : { address: host };
  if (address === null) return null;
  const [open] = await scanHosts([address.address], signal, ports);
  return open === undefined ? null : onvifAt(address.address, open.ports, signal);
}

/** Of the lens whose full stream this is; of the only lens where no profile has its path. */
function smallerThan(path: string, streams: readonly OnvifStream[]): OnvifStream | null {
  const own = streams.find(({ url }) => pathOf(url) === path);
  const chosen = chooseStreams(
    own === undefined ? streams : streams.filter(({ source }) => source === own.source),
  );
  const sub = chosen.length === 1 ? (chosen[0]?.sub ?? null) : null;
  return sub === null || pathOf(sub.url) === path ? null : sub;
}

/** The path and query of an address. */
function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}

/** On the same host and port, by the same protocol and login as the full stream: nobody is told them who had not been before. */
function at(full: SecretUrl, path: string): SecretUrl {
  const url = new URL(full.reveal());
  const { pathname, search } = new URL(path, 'rtsp://camera');
  url.pathname = pathname;
  url.search = search;
  return new SecretUrl(url.href);
}

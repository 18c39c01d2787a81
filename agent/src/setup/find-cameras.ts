/** Where cameras may be: what answers on the local network, and what a person names, by address, by range or by stream. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Semaphore } from '@roadwatch/common';
import { causeInChinese, SaidError, type Words } from '../language.ts';
import { hostsOf } from './address-range.ts';
import { readClock } from './onvif/camera.ts';
import { type DiscoveryOptions, discoverDevices } from './onvif/discover.ts';
import { OnvifError } from './onvif/onvif-error.ts';
import { ONVIF_PORTS, RTSP_PORT, scanHosts } from './scan.ts';

export interface Candidate {
  /** Its address; of a stream that a person named, as it stands there. */
  readonly host: string;
  readonly name: string;
  /** Of its ONVIF device service; null where it has none that answers. */
  readonly service: URL | null;
  /** The one stream that a person named. */
  readonly stream: string | null;
}

export interface Refused {
  readonly host: string;
  readonly words: Words;
}

export interface Places {
  /** Whether the local network is asked. */
  readonly discover: boolean;
  readonly ranges: readonly string[];
  /** `HOST`, `HOST:PORT` of ONVIF, or `rtsp://HOST/PATH`. */
  readonly cameras: readonly string[];
  readonly discovery?: DiscoveryOptions;
}

const SERVICE_PATH = '/onvif/device_service';
/** A web server that is no camera may leave a question without an answer. */
const ASKED_AT_ONCE = 16;

/** Throws a sentence for what a person has written wrongly. Behind one address there may be several, each at a port of its own. */
export async function findCameras(
  { discover, ranges, cameras, discovery = {} }: Places,
  signal: AbortSignal,
): Promise<{ readonly candidates: readonly Candidate[]; readonly refused: readonly Refused[] }> {
  const hosts = ranges.flatMap(hostsOf);
  const named = await Promise.all(cameras.map(async (text) => withAddress(parseNamed(text))));
  const found = new Map<string, Candidate>();
  const add = (candidate: Candidate): void => {
    const { stream, service, host } = candidate;
    found.set(stream ?? service?.host ?? host, candidate);
  };
  const refused: Refused[] = [];
  if (discover) {
    const { devices, refused: liars } = await discoverDevices(signal, discovery);
    for (const device of devices) add({ ...device, stream: null });
    refused.push(...liars.map(({ host, error }) => ({ host, words: error.words })));
  }
  for (const entry of named) {
    if (entry.stream !== null) add({ ...entry, name: '', service: null });
    else if (entry.port !== null)
      add({ ...entry, name: '', service: await onvifAt(entry.host, [entry.port], signal) });
    else hosts.push(entry.host);
  }
  const known = new Set([...found.values()].flatMap(({ host, stream }) => (stream === null ? [host] : [])));
  const fresh = [...new Set(hosts)].filter((host) => !known.has(host));
  for (const candidate of await camerasAt(fresh, signal)) add(candidate);
  return { candidates: [...found.values()], refused };
}

async function camerasAt(hosts: readonly string[], signal: AbortSignal): Promise<readonly Candidate[]> {
  const open = await scanHosts(hosts, signal);
  const places = new Semaphore(ASKED_AT_ONCE);
  const asked = open.map(async ({ host, ports }): Promise<readonly Candidate[]> => {
    const free = await places.acquire();
    try {
      const web = ONVIF_PORTS.filter((port) => ports.includes(port));
      const service = await onvifAt(host, web, signal);
      const isCamera = service !== null || ports.includes(RTSP_PORT);
      return isCamera ? [{ host, name: '', service, stream: null }] : [];
    } finally {
      free();
    }
  });
  return (await Promise.all(asked)).flat();
}

/** The first port at which ONVIF answers a question that needs no login. */
export async function onvifAt(
  host: string,
  ports: readonly number[],
  signal: AbortSignal,
): Promise<URL | null> {
  for (const port of ports) {
    const service = new URL(`http://${isIP(host) === 6 ? `[${host}]` : host}:${port}${SERVICE_PATH}`);
    try {
      await readClock(service, signal);
      return service;
    } catch (error) {
      if (!(error instanceof OnvifError)) throw error;
      if (error.problem === 'refused') return service;
    }
  }
  return null;
}

interface Named {
  readonly host: string;
  readonly port: number | null;
  readonly stream: string | null;
}

/** A name is asked for once: what it means then is looked at, and a device names itself by its address. */
async function withAddress(named: Named): Promise<Named> {
  if (named.stream !== null || isIP(named.host) !== 0) return named;
  try {
    return { ...named, host: (await lookup(named.host, { order: 'ipv4first' })).address };
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw new SaidError({
      en: `--camera ${named.host}: has no address (${code})`,
      zh: `--camera ${named.host}：${causeInChinese(code)}`,
    });
  }
}

function parseNamed(text: string): Named {
  const wrong = {
    en: '--camera: expected an address, as 192.168.1.64, 192.168.1.64:8000 (ONVIF) or rtsp://192.168.1.64/path, without a login',
    zh: '--camera：应为地址，如 192.168.1.64、192.168.1.64:8000（ONVIF）或 rtsp://192.168.1.64/path，不含用户名密码',
  };
  if (/^rtsps?:\/\//.test(text)) {
    const url = URL.parse(text);
    if (url === null || url.hostname === '' || url.username !== '' || text.includes('@'))
      throw new SaidError(wrong);
    return { host: url.hostname.replace(/^\[|\]$/g, ''), port: null, stream: text };
  }
  const url = /[/@?#\s]/.test(text) ? null : URL.parse(`http://${text}`);
  if (url === null || url.hostname === '') throw new SaidError(wrong);
  const port = /:(\d+)$/.exec(text.replace(/^\[.*\]/, ''))?.[1];
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: port === undefined ? null : Number(port),
    stream: null,
  };
}

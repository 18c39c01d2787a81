/** Where cameras may be: what answers on the local network, and what a person names, by address, by range or by stream. */
import { isIP } from 'node:net';
import { SaidError, type Words } from '../language.ts';
import { hostsOf } from './address-range.ts';
import { readClock } from './onvif/camera.ts';
import { type DiscoveryOptions, discoverDevices } from './onvif/discover.ts';
import { OnvifError } from './onvif/onvif-error.ts';
import { ONVIF_PORTS, RTSP_PORT, scanHosts } from './scan.ts';

export interface Candidate {
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

/** Throws a sentence for what a person has written wrongly. */
export async function findCameras(
  { discover, ranges, cameras, discovery = {} }: Places,
  signal: AbortSignal,
): Promise<{ readonly candidates: readonly Candidate[]; readonly refused: readonly Refused[] }> {
  const hosts = ranges.flatMap(hostsOf);
  const named = cameras.map(parseNamed);
  const found = new Map<string, Candidate>();
  const refused: Refused[] = [];
  if (discover) {
    const { devices, refused: liars } = await discoverDevices(signal, discovery);
    for (const { host, service, name } of devices) found.set(host, { host, name, service, stream: null });
    refused.push(...liars.map(({ host, error }) => ({ host, words: error.words })));
  }
  for (const entry of named) {
    if (entry.stream !== null) found.set(entry.stream, { ...entry, name: '', service: null });
    else if (entry.port !== null)
      found.set(entry.host, { ...entry, name: '', service: await onvifAt(entry.host, [entry.port], signal) });
    else hosts.push(entry.host);
  }
  const fresh = [...new Set(hosts)].filter((host) => !found.has(host));
  for (const { host, ports } of await scanHosts(fresh, signal)) {
    const service = await onvifAt(
      host,
      ONVIF_PORTS.filter((port) => ports.includes(port)),
      signal,
    );
    if (service !== null || ports.includes(RTSP_PORT))
      found.set(host, { host, name: '', service, stream: null });
  }
  return { candidates: [...found.values()], refused };
}

/** The first port at which ONVIF answers a question that needs no login. */
async function onvifAt(host: string, ports: readonly number[], signal: AbortSignal): Promise<URL | null> {
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

function parseNamed(text: string): { host: string; port: number | null; stream: string | null } {
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

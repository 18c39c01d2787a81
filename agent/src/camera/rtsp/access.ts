/** Where a camera is, who logs in there and what it is trusted with. */
import { type Credentials, type SecretUrl, splitLogin } from '@roadwatch/common';
import type { CameraConfig } from '../../config/schema.ts';

export interface CameraAddress {
  readonly tls: boolean;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** As it stands in requests: without user name and password. */
  readonly uri: string;
}

export interface CameraAccess {
  readonly address: CameraAddress;
  readonly login: Credentials | null;
  /** Whether the password may be told in the clear to whoever asks for it. */
  readonly allowBasic: boolean;
  /** `host` or `host:port` to which the camera may send the agent on, besides its own. */
  readonly redirectTo: readonly string[];
  readonly transport: 'tcp' | 'udp';
  readonly tls: { readonly ca: string | null; readonly fingerprint: string | null };
}

/** RFC 2326 3.2, and RFC 7826 4.2 for rtsps. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'rtsp:': 554, 'rtsps:': 322 };

/** Null when it is no address of a camera. */
export function parseAddress(text: string): CameraAddress | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const standard = DEFAULT_PORTS[url.protocol];
  if (standard === undefined || url.hostname === '') return null;
  url.username = '';
  url.password = '';
  return {
    tls: url.protocol === 'rtsps:',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? standard : Number(url.port),
    uri: url.href,
  };
}

/** `url`: of the camera or of its sub-stream, with the login in it, as the configuration was read. */
export function accessTo(
  camera: Pick<CameraConfig, 'allowBasic' | 'redirectTo' | 'transport' | 'ca' | 'fingerprint'>,
  url: SecretUrl,
): CameraAccess {
  const address = parseAddress(url.reveal());
  if (address === null) throw new TypeError('not an address of a camera');
  return {
    address,
    login: splitLogin(url.reveal()).login,
    allowBasic: camera.allowBasic,
    redirectTo: camera.redirectTo,
    transport: camera.transport,
    tls: { ca: camera.ca ?? null, fingerprint: camera.fingerprint ?? null },
  };
}

/**
 * Cameras that answer on the local network (WS-Discovery 2005/04, as ONVIF Core 7 has it): one question by multicast on each
 * interface, and for a few seconds whatever answers to it. Anybody on that network may answer, with anything.
 */
import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { OnvifError } from './onvif-error.ts';
import { onSameMachine } from './same-machine.ts';
import { nodesAt, parseXml, textAt } from './xml.ts';

const GROUP = '239.255.255.250';
const PORT = 3702;
/** A datagram may be lost; devices answer after up to half a second (APP_MAX_DELAY). */
const ASKED_AT_MS = [0, 1_000];
const DEFAULT_WAIT_MS = 4_000;
const MAX_DEVICES = 256;
/** One address may stand for several, each at a port of its own. */
const MAX_AT_ONE_ADDRESS = 16;
/** Of datagrams that are read at all: more come from no network of cameras. */
const MAX_DATAGRAMS = 4_096;

interface FoundDevice {
  readonly host: string;
  /** Of its device service. */
  readonly service: URL;
  /** What it calls itself; empty where it does not. */
  readonly name: string;
}

export interface Discovery {
  readonly devices: readonly FoundDevice[];
  /** Answers that were not taken: who, and why. */
  readonly refused: readonly { readonly host: string; readonly error: OnvifError }[];
}

export interface DiscoveryOptions {
  readonly waitMs?: number;
  /** Addresses of this machine whose networks are asked; by default all but loopback. */
  readonly interfaces?: readonly string[];
}

/** A network that cannot be asked is left out. Throws what the system says when none can. */
export async function discoverDevices(
  signal: AbortSignal,
  { waitMs = DEFAULT_WAIT_MS, interfaces = ownAddresses() }: DiscoveryOptions = {},
): Promise<Discovery> {
  const ids = new Set<string>();
  const devices = new Map<string, FoundDevice>();
  const refused = new Map<string, { readonly host: string; readonly error: OnvifError }>();
  let datagrams = 0;
  const onMessage = (bytes: Buffer, { address }: { readonly address: string }): void => {
    if (++datagrams > MAX_DATAGRAMS || devices.size + refused.size >= MAX_DEVICES) return;
    try {
      const found = readMatch(bytes.toString('utf8'), address, ids);
      if (found === null) return;
      if (countAt(address) < MAX_AT_ONE_ADDRESS) devices.set(found.service.host, found);
      refused.delete(address);
    } catch (error) {
      if (error instanceof OnvifError && countAt(address) === 0)
        refused.set(address, { host: address, error });
    }
  };
  const countAt = (address: string): number =>
    [...devices.values()].filter(({ host }) => host === address).length;
  const sockets: Socket[] = [];
  try {
    for (const [index, address] of interfaces.entries()) {
      try {
        sockets.push(await openSocket(address, onMessage));
      } catch (error) {
        if (sockets.length === 0 && index === interfaces.length - 1) throw error;
      }
    }
    for (const [index, at] of ASKED_AT_MS.entries()) {
      await sleep(Math.min(waitMs, at - (ASKED_AT_MS[index - 1] ?? 0)), undefined, { signal });
      for (const socket of sockets) {
        const id = randomUUID();
        ids.add(id);
        // A network that takes no datagram has no cameras either.
        socket.send(probe(id), PORT, GROUP, () => {});
      }
    }
    await sleep(Math.max(0, waitMs - (ASKED_AT_MS.at(-1) ?? 0)), undefined, { signal });
  } finally {
    for (const socket of sockets) socket.close();
  }
  return { devices: [...devices.values()].toSorted(byHost), refused: [...refused.values()] };
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((entries) =>
    (entries ?? []).flatMap(({ family, internal, address }) =>
      family === 'IPv4' && !internal ? [address] : [],
    ),
  );
}

async function openSocket(address: string, onMessage: (bytes: Buffer, from: { address: string }) => void) {
  const socket = createSocket('udp4', onMessage);
  try {
    socket.bind(0, address);
    await once(socket, 'listening');
    socket.on('error', () => {});
    socket.setMulticastInterface(address);
    socket.setMulticastTTL(1);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

function probe(id: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing">' +
    '<s:Header><a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>' +
    `<a:MessageID>uuid:${id}</a:MessageID>` +
    '<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>' +
    '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>' +
    '<s:Body><Probe xmlns="http://schemas.xmlsoap.org/ws/2005/04/discovery">' +
    '<d:Types xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl">dn:NetworkVideoTransmitter</d:Types>' +
    '</Probe></s:Body></s:Envelope>'
  );
}

/** Null: it is no answer to a question of ours. Throws OnvifError when it is one that must not be believed. */
function readMatch(text: string, from: string, ids: ReadonlySet<string>): FoundDevice | null {
  const envelope = parseXml(text);
  const id = textAt(envelope, 'Envelope', 'Header', 'RelatesTo')
    ?.replace(/^urn:/, '')
    .replace(/^uuid:/, '');
  if (id === undefined || !ids.has(id)) return null;
  const [body] = nodesAt(envelope, 'Envelope', 'Body');
  // Some devices leave the list around it out.
  const [match] = [...nodesAt(body, 'ProbeMatches', 'ProbeMatch'), ...nodesAt(body, 'ProbeMatch')];
  if (match === undefined) return null;
  const addresses = (textAt(match, 'XAddrs') ?? '').split(/\s+/).filter((address) => address !== '');
  let problem = new OnvifError('not_onvif', 'it names no address');
  for (const address of addresses.slice(0, 16)) {
    try {
      const service = onSameMachine(address, from, ['http:', 'https:']);
      return { host: from, service, name: nameIn(textAt(match, 'Scopes') ?? '') };
    } catch (error) {
      if (error instanceof OnvifError) problem = error;
    }
  }
  throw problem;
}

/** ONVIF Core 7.3.3.2. */
function nameIn(scopes: string): string {
  const name = /onvif:\/\/www\.onvif\.org\/name\/(\S+)/i.exec(scopes)?.[1] ?? '';
  try {
    return decodeURIComponent(name)
      .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
      .slice(0, 80);
  } catch {
    return '';
  }
}

function byHost(a: FoundDevice, b: FoundDevice): number {
  return a.host.localeCompare(b.host, 'en', { numeric: true });
}

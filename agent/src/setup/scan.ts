/** Which hosts of a range have a camera's ports open: asked only when a person names the range, and not too fast. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Semaphore } from '@roadwatch/common';

export const RTSP_PORT = 554;
/** Where makers have ONVIF: most at 80, some at 8000 or 8080, TP-Link at 2020, older recorders at 8899. */
export const ONVIF_PORTS = [80, 8000, 8080, 2020, 8899] as const;
/** Between one connection and the next: 200 a second, which no switch takes for an attack. */
const PACE_MS = 5;
const CONNECT_MS = 1_000;
/** As many as begin while one waits in vain: where nobody is, the pace alone says how long it takes, ten seconds for a /24. */
const AT_ONCE = CONNECT_MS / PACE_MS;

export interface OpenHost {
  readonly host: string;
  readonly ports: readonly number[];
}

/** Hosts with at least one open port, in their order. */
export async function scanHosts(
  hosts: readonly string[],
  signal: AbortSignal,
  ports: readonly number[] = [RTSP_PORT, ...ONVIF_PORTS],
): Promise<readonly OpenHost[]> {
  const places = new Semaphore(AT_ONCE);
  const open = new Map<string, number[]>(hosts.map((host) => [host, []]));
  const asked: Promise<void>[] = [];
  for (const host of hosts) {
    for (const port of ports) {
      const free = await places.acquire();
      await sleep(PACE_MS, undefined, { signal });
      asked.push(
        isOpen(host, port, signal).then((answers) => {
          if (answers) open.get(host)?.push(port);
          free();
        }),
      );
    }
  }
  await Promise.all(asked);
  return [...open].flatMap(([host, found]) => (found.length === 0 ? [] : [{ host, ports: found }]));
}

function isOpen(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS, signal });
    const end = (answers: boolean) => (): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', end(true));
    socket.once('timeout', end(false));
    socket.once('error', end(false));
  });
}

/** Who has opened a connection on loopback: what a child of this process may have, others on the box may not. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** Whether the other end of an accepted connection is a socket of this process (proc(5), /proc/PID/net/tcp and fd). */
export async function isOpenedBy(socket: Socket, pid: number): Promise<boolean> {
  const { localPort, remotePort, remoteAddress } = socket;
  const table = remoteAddress?.includes('.') === true ? 'tcp' : 'tcp6';
  try {
    const lines = (await readFile(`/proc/self/net/${table}`, 'latin1')).split('\n');
    // Seen from the other end: its local port is our remote one.
    const ends = `:${hex(remotePort)} `;
    const line = lines.find(
      (text) => text.includes(ends) && portsOf(text) === `${hex(remotePort)}>${hex(localPort)}`,
    );
    const inode = line?.trim().split(/\s+/)[9];
    if (inode === undefined || inode === '0') return false;
    const held = await readdir(`/proc/${pid}/fd`);
    for (const descriptor of held) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (target === `socket:[${inode}]`) return true;
    }
    return false;
  } catch {
    // The process has gone, or is not ours.
    return false;
  }
}

function portsOf(line: string): string {
  const [, local = '', remote = ''] = line.trim().split(/\s+/);
  return `${local.split(':')[1]}>${remote.split(':')[1]}`;
}

function hex(port: number | undefined): string {
  return (port ?? 0).toString(16).toUpperCase().padStart(4, '0');
}

/** A line to a broker that ends the connection when a packet is too large, as brokers of MQTT 3.1.1 do: without a word. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { limitPackets } from '../../../gateway/src/broker/packet-limit.ts';

export interface StrictLine {
  readonly url: string;
  /** How often it has ended a connection. */
  readonly ends: number;
}

export async function strictLine(port: number, maxPacketBytes: number): Promise<StrictLine> {
  let ends = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ port, host: '127.0.0.1' });
    near.pipe(far);
    far.pipe(near);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    limitPackets(
      near,
      () => maxPacketBytes,
      () => ends++,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get ends() {
      return ends;
    },
  };
}

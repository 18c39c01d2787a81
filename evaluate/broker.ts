/** A broker that answers for a gateway: everything is stored at once, and what came is told. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Ack, agentTopics, parseTopic, sha256, WIRE_VERSION } from '@roadwatch/contract';
import { Aedes } from 'aedes';

export interface Broker {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startBroker(onMessage: (topic: string, payload: Buffer) => void): Promise<Broker> {
  const aedes = await Aedes.createBroker();
  aedes.on('publish', (packet, client) => {
    if (client === null) return;
    const payload = Buffer.from(packet.payload);
    onMessage(packet.topic, payload);
    const from = parseTopic(packet.topic);
    if (from === null || packet.retain) return;
    const ack: Ack = { v: WIRE_VERSION, stored: [sha256(payload)], refused: [] };
    const topic = agentTopics(from.site, from.agent).ack;
    aedes.publish(
      { cmd: 'publish', topic, payload: Buffer.from(JSON.stringify(ack)), qos: 1, dup: false, retain: false },
      () => {},
    );
  });
  const server = createServer((socket) => aedes.handle(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: async () => {
      await new Promise<void>((resolve) => aedes.close(resolve));
      server.close();
    },
  };
}

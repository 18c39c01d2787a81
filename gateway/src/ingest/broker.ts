/** The broker inside the gateway: for agents by name and password, each on its own topics, and for the gateway itself. */
import { createServer, type Server, type Socket } from 'node:net';
import { MAX_EVIDENCE_BYTES, TOPIC_PREFIX } from '@roadwatch/contract';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import type { Logger } from 'pino';
import { type AgentName, isAgent, mayPublish, maySubscribe, parseAgentName } from '../identity/agents.ts';
import { newSecret } from '../identity/secret.ts';
import type { Store } from '../store/database.ts';
import { limitPackets } from './packet-limit.ts';

const GATEWAY = 'roadwatch-gateway';
const MAX_PACKET_BYTES = MAX_EVIDENCE_BYTES + 4096;
const MAX_CONNECTIONS = 10_000;
/** MQTT 3.1.1, table 3.1: connection refused, bad user name or password. */
const BAD_USERNAME_OR_PASSWORD = 4;

export interface EmbeddedBroker {
  readonly port: number;
  readonly url: string;
  /** What the gateway's own client logs in with; new at each start. */
  readonly credentials: { readonly clientId: string; readonly username: string; readonly password: string };
  /** Ends the connections of an agent, as when it has been revoked. */
  disconnect(agent: AgentName): void;
  stop(): Promise<void>;
}

export async function startBroker(
  options: { readonly host: string; readonly port: number },
  store: Store,
  log: Logger,
): Promise<EmbeddedBroker> {
  const password = newSecret();
  const agentOf = (client: Client | null): AgentName | null =>
    client === null || client.id === GATEWAY ? null : parseAgentName(client.id);
  const aedes = await Aedes.createBroker({
    maxClientsIdLength: 127,
    queueLimit: 1000,
    authenticate(client, username, given, done) {
      const secret = given?.toString('utf8') ?? '';
      if (client.id === GATEWAY) return done(null, username === GATEWAY && secret === password);
      const name = parseAgentName(client.id);
      if (name === null || username !== client.id) return done(refusal(), false);
      isAgent(store, name, secret).then(
        (known) => (known ? done(null, true) : done(refusal(), false)),
        (error: Error) => done(Object.assign(error, { returnCode: 3 }) as AuthenticateError, false),
      );
    },
    authorizePublish(client, packet, done) {
      const agent = agentOf(client);
      const allowed =
        agent === null ? packet.topic.startsWith(`${TOPIC_PREFIX}/`) : mayPublish(agent, packet.topic);
      if (allowed) return done(null);
      log.warn({ client: client?.id, topic: packet.topic.slice(0, 300) }, 'publish refused');
      done(new Error('not allowed to publish there'));
    },
    authorizeSubscribe(client, subscription, done) {
      const agent = agentOf(client);
      const allowed = agent === null || maySubscribe(agent, subscription.topic);
      if (!allowed)
        log.warn({ client: client.id, topic: subscription.topic.slice(0, 300) }, 'subscription refused');
      done(null, allowed ? subscription : null);
    },
  });
  aedes.on('clientError', (client, error) =>
    log.debug({ client: client.id, reason: error.message }, 'client error'),
  );
  aedes.on('connectionError', (_client, error) => log.debug({ reason: error.message }, 'connection error'));

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
    limitPackets(socket, MAX_PACKET_BYTES, () =>
      log.warn(
        { from: socket.remoteAddress, maxBytes: MAX_PACKET_BYTES },
        'connection ended: packet too large',
      ),
    );
  });
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, options.host, options.port);
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    port,
    url: `mqtt://${host}:${port}`,
    credentials: { clientId: GATEWAY, username: GATEWAY, password },
    disconnect({ site, agent }) {
      (aedes as unknown as { clients: Record<string, Client> }).clients[`${site}/${agent}`]?.close();
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function refusal(): AuthenticateError {
  return Object.assign(new Error('unknown agent or wrong password'), {
    returnCode: BAD_USERNAME_OR_PASSWORD as number,
  }) as AuthenticateError;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

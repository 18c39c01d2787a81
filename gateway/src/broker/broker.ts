/**
 * The broker inside the gateway: for agents by name and password, each on its own topics. What they publish goes to the gateway
 * and to nobody else, and is confirmed (PUBACK) once its fate is committed, so an agent is read no faster than it is stored and
 * waits for itself only. What it is sent is bounded: one that does not read is let go.
 */
import type { Server, Socket } from 'node:net';
import { limitWarnings } from '@roadwatch/common';
import { MAX_EVIDENCE_BYTES } from '@roadwatch/contract';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import type { Logger } from 'pino';
import { logIn, peerOf } from '../agents/login.ts';
import { mayPublish, maySubscribe } from '../agents/registry.ts';
import { type AgentName, formatAgentName, parseAgentName } from '../cameras/source.ts';
import type { ServerKeys } from '../pki/server-certificate.ts';
import type { ChangeFeed } from '../store/change-feed.ts';
import type { Store } from '../store/database.ts';
import { Admission } from './admission.ts';
import { Doorstep } from './doorstep.ts';
import { type BrokerTls, createListener } from './listener.ts';
import type { Message } from './message.ts';
import { limitPackets } from './packet-limit.ts';
import type { Rejection } from './rejections.ts';

const MAX_PACKET_BYTES = MAX_EVIDENCE_BYTES + 4096;
/** A login with a last will. */
const MAX_LOGIN_BYTES = 64 * 1024;
const LOGIN_MS = 10_000;
const MAX_CONNECTIONS = 10_000;
const MAX_WAITING = 500;
const MAX_UNREAD_BYTES = 1024 * 1024;
/** How long a client may take to read on before it is let go. */
const DRAIN_MS = 20_000;
/** MQTT 3.1.1, table 3.1: connection refused, server unavailable. */
const UNAVAILABLE = 3;
/** The same: bad user name or password. */
const BAD_USERNAME_OR_PASSWORD = 4;

export interface EmbeddedBroker {
  readonly port: number;
  readonly url: string;
  /** To an agent: what is `kept` waits for one that is away, the rest is lost with the connection. */
  send(topic: string, payload: string, kept: boolean): void;
  /** To be shown from the next connection on, where it speaks TLS. */
  useKeys(keys: ServerKeys): void;
  stop(): Promise<void>;
}

export interface BrokerParts {
  readonly store: Store;
  readonly changes: ChangeFeed;
  /** Takes what an agent has published; settles once its fate is committed, or `signal` says that nobody waits for it. */
  readonly take: (message: Message, signal: AbortSignal) => Promise<void>;
  readonly onRejected: (what: Rejection) => void;
  readonly log: Logger;
}

export async function startBroker(
  options: { readonly host: string; readonly port: number; readonly tls: BrokerTls | null },
  { store, changes, take, onRejected, log }: BrokerParts,
): Promise<EmbeddedBroker> {
  const warn = new Map<Rejection, ReturnType<typeof limitWarnings>>();
  const rejected = (what: Rejection, fields: object, message: string): void => {
    onRejected(what);
    const say = warn.get(what) ?? limitWarnings(log);
    warn.set(what, say);
    say(fields, message);
  };
  const notLookedUp = limitWarnings(log);
  const gone = new WeakMap<object, AbortController>();
  const end = (client: Client, what: Rejection, reason: string): void => {
    rejected(what, { ...nameOf(client), reason }, 'connection ended');
    client.close();
  };
  const admission = new Admission<Client>(
    { store, changes },
    {
      shutOut: (client, reason) => end(client, 'revoked', reason),
      failure: (error) => notLookedUp({ reason: error.message }, 'access of an agent not looked up'),
    },
  );

  const aedes = await Aedes.createBroker({
    // No delivery waits for another client's.
    concurrency: 0,
    maxClientsIdLength: 127,
    queueLimit: 1000,
    connectTimeout: LOGIN_MS,
    drainTimeout: DRAIN_MS,
    authenticate(client, username, given, done) {
      const refuse = (reason: string): void => {
        const fields = { name: client.id.slice(0, 130), from: addressOf(client), reason };
        rejected('login', fields, 'login of an agent refused');
        done(refusal(), false);
      };
      const name = parseAgentName(client.id);
      if (name === null) return refuse('the client id is not SITE/AGENT');
      const login = {
        username,
        password: given?.toString('utf8') ?? '',
        peer: peerOf(client.conn),
        certificatesOnly: options.tls?.requireCertificates ?? false,
      };
      logIn(store, name, login).then(
        (login) => {
          if ('reason' in login) return refuse(login.reason);
          const before = admission.loggedIn(client, login.credential);
          // One box that comes back by another line does so now and then; two boxes with one name do it again and again.
          if (before !== null)
            rejected(
              'takeover',
              { ...nameOf(client), pushedOff: addressOf(before) },
              'connection ended: another one uses its name',
            );
          const under = underneath.get(client.conn);
          if (under !== undefined) doorstep.leave(under);
          done(null, true);
        },
        (error: Error) => done(Object.assign(error, { returnCode: UNAVAILABLE }) as AuthenticateError, false),
      );
    },
    authorizePublish(client, packet, done) {
      const agent = agentOf(client);
      const problem =
        agent === null || !mayPublish(agent, packet.topic)
          ? 'not allowed to publish there'
          : packet.qos === 2
            ? 'QoS 2 is not used here'
            : null;
      if (problem !== null) {
        const topic = packet.topic.slice(0, 300);
        rejected('publish', { ...nameOf(client), topic, reason: problem }, 'publish refused');
        return done(new Error(problem));
      }
      if (client === null || admission.isShutOut(client)) return done(new Error('shut out'));
      const retained = packet.retain;
      // Nobody subscribes to what agents say but the gateway, which keeps it: nothing is retained here.
      packet.retain = false;
      // What comes of a client that is closed is its last will, for which nobody waits and which must not be lost.
      const waiting = client.closed ? undefined : gone.get(client.conn);
      const { signal } = waiting ?? new AbortController();
      const payload = Buffer.from(packet.payload as Buffer);
      take({ topic: packet.topic, payload, retained }, signal).then(() => done(null), done);
    },
    authorizeSubscribe(client, subscription, done) {
      const agent = agentOf(client);
      const allowed = agent !== null && maySubscribe(agent, subscription.topic);
      const fields = { ...nameOf(client), topic: subscription.topic.slice(0, 300) };
      if (!allowed) rejected('subscription', fields, 'subscription refused');
      done(null, allowed ? subscription : null);
    },
    authorizeForward(client, packet) {
      if (client.conn.writableLength <= MAX_UNREAD_BYTES) return packet;
      end(client, 'slow', 'it does not read what it is sent');
      return null;
    },
  });
  aedes.on('client', (client) => admission.opened(client));
  aedes.on('clientDisconnect', (client) => admission.closed(client));
  aedes.on('clientError', (client, error) => {
    if (error.message !== 'drain timeout')
      log.debug({ client: client.id, reason: error.message }, 'client error');
    else
      rejected('slow', { ...nameOf(client), reason: 'it does not read what it is sent' }, 'connection ended');
  });
  aedes.on('connectionError', (_client, error) => log.debug({ reason: error.message }, 'connection error'));

  const sockets = new Set<Socket>();
  const doorstep = new Doorstep(MAX_WAITING, (socket) =>
    rejected('crowd', { from: socket.remoteAddress }, 'connection ended: too many that do not log in'),
  );
  const underneath = new WeakMap<object, Socket>();
  const { server, useKeys } = createListener(
    options.tls,
    {
      arrived: (socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        doorstep.arrive(socket);
        socket.setNoDelay(true);
      },
      ready: (socket, under) => {
        underneath.set(socket, under);
        const ended = new AbortController();
        gone.set(socket, ended);
        socket.on('close', () => ended.abort());
        aedes.handle(socket);
        const most = () => (doorstep.has(under) ? MAX_LOGIN_BYTES : MAX_PACKET_BYTES);
        limitPackets(socket, most, () =>
          rejected(
            'packet',
            { from: socket.remoteAddress, maxBytes: most() },
            'connection ended: packet too large',
          ),
        );
      },
    },
    log,
  );
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, options.host, options.port);
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    port,
    url: `${options.tls === null ? 'mqtt' : 'mqtts'}://${host}:${port}`,
    useKeys,
    send(topic, payload, kept) {
      const packet = {
        cmd: 'publish',
        topic,
        payload,
        qos: kept ? 1 : 0,
        dup: false,
        retain: false,
      } as const;
      aedes.publish(packet, (error) => {
        if (error) log.debug({ topic, reason: error.message }, 'not sent');
      });
    },
    async stop() {
      admission.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => aedes.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function agentOf(client: Client | null): AgentName | null {
  return client === null ? null : parseAgentName(client.id);
}

function nameOf(client: Client | null): { readonly agent?: string; readonly from?: string } {
  const agent = agentOf(client);
  const from = addressOf(client);
  return {
    ...(agent === null ? {} : { agent: formatAgentName(agent) }),
    ...(from === undefined ? {} : { from }),
  };
}

function addressOf(client: Client | null): string | undefined {
  return (client?.conn as Partial<Socket> | undefined)?.remoteAddress;
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

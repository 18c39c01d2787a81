/** The line to the agents: the broker inside the gateway, or a client of another one. */
import { newId } from '@roadwatch/contract';
import type { Logger } from 'pino';
import { startBroker } from '../broker/broker.ts';
import type { BrokerTls } from '../broker/listener.ts';
import type { Rejection } from '../broker/rejections.ts';
import type { Config } from '../config/config.ts';
import type { ServerKeys } from '../pki/server-certificate.ts';
import type { ChangeFeed } from '../store/change-feed.ts';
import type { Store } from '../store/database.ts';
import type { Inbox } from './inbox.ts';
import { Subscriber, type SubscriberOptions } from './subscriber.ts';

export interface Line {
  /** Where agents connect. */
  readonly url: string;
  readonly connected: boolean;
  /** To an agent: what is `kept` waits for one that is away, as far as the broker does that. */
  send(topic: string, payload: string, kept: boolean): void;
  /** To be shown by the broker inside the gateway from the next connection on. */
  useKeys(keys: ServerKeys): void;
  stop(): Promise<void>;
}

export interface LineParts {
  readonly store: Store;
  readonly changes: ChangeFeed;
  readonly inbox: Inbox;
  /** Of the broker inside the gateway; null: in the clear. */
  readonly tls: BrokerTls | null;
  readonly metrics: { readonly rejected: (what: Rejection) => void };
  readonly log: Logger;
}

/** Throws one sentence when the broker's port cannot be had. */
export async function openLine(config: Config, parts: LineParts): Promise<Line> {
  const { inbox, log, metrics } = parts;
  const url = config.broker.url?.reveal();
  if (url === undefined) {
    const { host, port } = config.broker;
    const broker = await startBroker(
      { host, port, tls: parts.tls },
      {
        ...parts,
        take: (message, signal) => inbox.take(message, signal),
        onRejected: metrics.rejected,
      },
    );
    return { ...broker, connected: true };
  }
  const subscriber = new Subscriber(connectionTo(url, config), inbox, log);
  subscriber.start();
  return {
    url: String(config.broker.url),
    get connected() {
      return subscriber.connected;
    },
    send: (topic, payload) => subscriber.send(topic, payload),
    useKeys: () => {},
    stop: () => subscriber.stop(),
  };
}

function connectionTo(url: string, { broker }: Config): SubscriberOptions {
  const { username, password, caFile, shareGroup } = broker;
  return {
    url,
    // A process id is not enough: in containers every gateway has the same.
    clientId: `roadwatch-gateway-${newId()}`,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(caFile === undefined ? {} : { caFile }),
    ...(shareGroup === undefined ? {} : { shareGroup }),
  };
}

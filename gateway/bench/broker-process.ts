/**
 * The gateway's broker and MQTT client with no store behind them: every message is dropped and acknowledged at once, many
 * together as the gateway does. What it could take in at most if storing cost nothing. Prints its address.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { readConfig } from '../src/config/config.ts';
import { startBroker } from '../src/ingest/broker.ts';
import type { EvidenceStore } from '../src/ingest/evidence-store.ts';
import { type Committed, Inbox } from '../src/ingest/inbox.ts';
import { type Message, readMessage } from '../src/ingest/message.ts';
import { Subscriber } from '../src/ingest/subscriber.ts';
import { openStore } from '../src/main.ts';

const log = pino({ level: 'silent' });
const config = readConfig(process.argv[2] as string);
const store = await openStore(config, log);
const broker = await startBroker(config.broker, store, log);
const dropped: Committed[] = [];

class DroppingInbox extends Inbox {
  override offer(message: Message, onStored: () => void): void {
    if (dropped.length === 0) setImmediate(() => subscriber.acknowledge(dropped.splice(0)));
    dropped.push({ message: readMessage(message), outcome: null });
    onStored();
  }
}

const evidence: EvidenceStore = { put: async () => {}, get: async () => null, delete: async () => {} };
const inbox = new DroppingInbox({ store, evidence, rule: config.alerts, log, onCommitted: () => {} });
const subscriber = new Subscriber({ url: broker.url, ...broker.credentials }, inbox, log);
subscriber.start();
while (!subscriber.connected) await delay(20);
console.log('Console: none');
console.log(`MQTT: ${broker.url}`);

process.once('SIGTERM', async () => {
  await subscriber.stop();
  await broker.stop();
  await store.close();
});

/**
 * The gateway's broker with no store behind it: every message is dropped and acknowledged at once, many
 * together as the gateway does. What it could take in at most if storing cost nothing. Prints its address.
 */

import { pino } from 'pino';
import { startBroker } from '../../gateway/src/broker/broker.ts';
import type { Message } from '../../gateway/src/broker/message.ts';
import { readConfig } from '../../gateway/src/config/config.ts';
import type { EvidenceStore } from '../../gateway/src/evidence/store.ts';
import { answersTo } from '../../gateway/src/ingest/answers.ts';
import { Inbox } from '../../gateway/src/ingest/inbox.ts';
import { readMessage } from '../../gateway/src/ingest/message.ts';
import type { Committed } from '../../gateway/src/ingest/receive.ts';
import { openStore } from '../../gateway/src/main.ts';
import { ChangeFeed } from '../../gateway/src/store/change-feed.ts';
import { receiversOf } from '../../gateway/src/workflow/collect.ts';

const log = pino({ level: 'silent' });
const config = readConfig(process.argv[2] as string);
const store = await openStore(config, log);
const changes = await ChangeFeed.start(store, log);
const dropped: Committed[] = [];

class DroppingInbox extends Inbox {
  override offer(message: Message, onStored: () => void): void {
    if (dropped.length === 0) setImmediate(acknowledge);
    dropped.push({ message: readMessage(message), outcome: null });
    onStored();
  }
}

function acknowledge(): void {
  for (const { topic, ack } of answersTo(dropped.splice(0), Date.now()))
    broker.send(topic, JSON.stringify(ack), false);
}

const evidence: EvidenceStore = { put: async () => {}, get: async () => null, delete: async () => {} };
const inbox = new DroppingInbox({
  store,
  evidence,
  receivers: receiversOf(config.alerts),
  limits: config.agents.limits,
  log,
  onCommitted: () => {},
});
const broker = await startBroker(
  { ...config.broker, tls: null },
  {
    ...{ store, changes, log },
    take: (message, signal) => inbox.take(message, signal),
    onRejected: () => {},
  },
);
console.log('Console: none');
console.log(`MQTT: ${broker.url}`);

process.once('SIGTERM', async () => {
  await broker.stop();
  await changes.stop();
  await store.close();
});

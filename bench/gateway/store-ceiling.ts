/** Detections a second into the store alone, in the gateway's batches, with no broker and no HTTP beside it. */

import { readMessage } from '../../gateway/src/ingest/message.ts';
import { receive } from '../../gateway/src/ingest/receive.ts';
import { receiversOf } from '../../gateway/src/workflow/collect.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { detection } from './load.ts';

const COUNT = 10_000;
const BATCH = 250;
const CAMERAS = 64;
const PLACES = 8;

export async function storePerSecond({
  store,
  config,
}: Pick<GatewayProcess, 'store' | 'config'>): Promise<number> {
  const messages = Array.from({ length: COUNT }, (_, n) =>
    readMessage(detection('edge-store', `camera-${n % CAMERAS}`, n % PLACES)),
  );
  const begin = performance.now();
  for (let at = 0; at < COUNT; at += BATCH)
    await store.transaction((tx) => receive(tx, messages.slice(at, at + BATCH), receiversOf(config.alerts)));
  return COUNT / ((performance.now() - begin) / 1000);
}

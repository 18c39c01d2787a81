/** A test of the maintainers' system: it goes the way of all that they are told, says that nothing is wrong, and is tried once. */
import { newId } from '@roadwatch/contract';
import type { OperationsCall } from '@roadwatch/contract/api';
import type { Webhook } from '../config/units.ts';
import type { Store } from '../store/database.ts';
import { callMaintainers } from './call.ts';

const SENTENCE = {
  en: 'A test from Roadwatch: nothing is wrong, and there is nothing to do.',
  zh: '道路巡检系统试发：一切正常，无需处理。',
} as const;

/** Null when it was broken off. */
export function tryMaintainers(
  store: Store,
  webhook: Webhook,
  signal: AbortSignal,
): Promise<OperationsCall | null> {
  const at = store.now();
  return callMaintainers(
    store,
    webhook,
    { id: newId(), type: 'operations.test', at, data: { text: SENTENCE } },
    signal,
  );
}

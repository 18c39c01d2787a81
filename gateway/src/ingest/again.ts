/**
 * Takes a message that was refused once more, as if it came now: after an update of the gateway that knows it, a key that has been
 * registered, or a fault of the store that is over. It is stored and leaves the refused ones, or stays there with nothing changed.
 */
import type { AgentLimits } from '../config/agents.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import type { authorOf } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import { readMessage } from './message.ts';
import { type Receivers, receive } from './receive.ts';
import { forgetRefused, type RefusedName, refusedPayload } from './refused.ts';
import { screen } from './screen.ts';

interface Parts {
  readonly store: Store;
  readonly evidence: EvidenceStore;
  readonly receivers: Receivers;
  readonly limits: AgentLimits;
}

/** Throws Refusal: there is none of this name, not all of it was kept, or it is refused again. */
export async function takeAgain(
  { store, evidence, receivers, limits }: Parts,
  name: RefusedName,
  author: ReturnType<typeof authorOf>,
): Promise<void> {
  const payload = await refusedPayload(store.db, name);
  // What a box tells of itself may have been overtaken: `old` is as a broker hands on what it has kept.
  const read = readMessage({ topic: name.topic, payload, retained: false, old: true });
  const [message = read] = await screen(store.db, [read], limits, store.now());
  if (message.content.kind === 'evidence-part')
    throw new Refusal('refused_message_cut', 'a part of a file comes again with its file only');
  if (message.content.kind === 'evidence') await evidence.put(message.sha256, payload);
  await store.transaction(async (tx) => {
    const [outcome] = await receive(tx, [message], receivers);
    if (outcome) throw new Refusal('refused_message_again', `it is refused again: ${outcome.reason}`);
    const gone = await forgetRefused(tx, name);
    tx.audit({
      ...author,
      action: 'refused_message.taken',
      subject: `message:${name.sha256}`,
      after: { topic: name.topic, was: gone.reason, count: gone.count },
    });
  });
}

/**
 * Files that come in parts. One is put together when its last part may have come, and when its sender asks by sending a part again;
 * what cannot be finished now, as while the store is away, is finished when the agent, which has no answer for the file, asks again.
 */
import { assemble, type FileName, forgetParts } from '../evidence/parts.ts';
import type { Store } from '../store/database.ts';
import { type Received, readMessage, type Why } from './message.ts';
import type { Committed } from './receive.ts';

const NOTHING = new Uint8Array();
const SPOILT: Why = {
  code: 'parts_make_another_file',
  reason: 'its parts make another file: its SHA-256 is not theirs',
};

/** The files that these messages are parts of, each once, with the topic of the whole. */
export function filesOf(
  messages: readonly Received[],
): { readonly file: FileName; readonly topic: string }[] {
  const files = new Map<string, { readonly file: FileName; readonly topic: string }>();
  for (const { from, content } of messages) {
    if (from === null || content.kind !== 'evidence-part') continue;
    const file = { ...from, sha256: content.part.sha256 };
    files.set(`${from.site}/${from.agent} ${file.sha256}`, { file, topic: content.file });
  }
  return [...files.values()];
}

/** The message that the whole file is, or the answer for its sender when there is nothing more to store; null: parts are missing. */
export async function finishFile(
  store: Store,
  file: FileName,
  topic: string,
): Promise<{ readonly whole: Received } | { readonly answer: Committed } | null> {
  const whole = await assemble(store.db, file);
  if (whole === null) return null;
  if (whole !== 'stored' && whole !== 'spoilt')
    return { whole: { ...readMessage({ topic, payload: whole }), assembled: true } };
  await store.transaction((tx) => forgetParts(tx, file));
  const outcome = whole === 'stored' ? null : SPOILT;
  return {
    answer: { message: { ...readMessage({ topic, payload: NOTHING }), sha256: file.sha256 }, outcome },
  };
}

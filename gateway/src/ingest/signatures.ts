/** Whether detections are what their boxes signed. One without a signature is taken as such; one with a wrong signature is refused. */
import type { Detection } from '@roadwatch/contract';
import { isSignedBy } from '@roadwatch/contract';
import type { MessageCode } from '@roadwatch/contract/codes';
import { publicKeyOf } from '../agents/keys.ts';
import type { Tx } from '../store/database.ts';
import type { AgentKeyRow } from '../store/tables/field.ts';
import type { DetectionMessage } from './detections.ts';
import type { Why } from './message.ts';

/** For each message null when its signature is good or there is none; otherwise what is wrong with it. */
export async function checkSignatures(
  tx: Tx,
  messages: readonly DetectionMessage[],
): Promise<(Why | null)[]> {
  const ids = new Set(messages.flatMap(({ detection }) => detection.signature?.key ?? []));
  const keys = new Map<string, AgentKeyRow>();
  if (ids.size > 0) {
    const rows = await tx.db
      .selectFrom('agent_keys')
      .selectAll()
      .where('key_id', 'in', [...ids])
      .execute();
    for (const row of rows) keys.set(row.key_id, row);
  }
  return messages.map(({ detection, text }) => {
    const { signature } = detection;
    if (signature === undefined) return null;
    const key = keys.get(signature.key);
    if (key === undefined || key.site !== detection.site || key.agent !== detection.agent)
      return wrong('signature_key_unknown', 'the key is not one of this agent');
    if (key.revoked_at !== null) return wrong('signature_key_revoked', 'the key is revoked');
    if (key.valid_to !== null && Date.parse(detection.publishedAt) > Number(key.valid_to))
      return wrong('signature_key_replaced', 'the key was replaced before this was published');
    return isSigned(text, key)
      ? null
      : wrong('signature_wrong', 'the message is not what was signed with this key');
  });
}

function wrong(code: MessageCode, what: string): Why {
  return { code, reason: `signature: ${what}` };
}

/** `text`: the message as it came. What was signed is its meaning (RFC 8785), so it is read anew. */
export function isSigned(text: string, key: Pick<AgentKeyRow, 'certificate'>): boolean {
  const message = JSON.parse(text) as Detection;
  return message.signature !== undefined && isSignedBy(message, message.signature, publicKeyOf(key));
}

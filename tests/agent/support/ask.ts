/** A command of the gateway to the box, and what the box answers. */
import { agentTopics, newId, parseReply, type Reply, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import type { GatewayStandIn } from './gateway-stand-in.ts';

const topics = agentTopics('site', 'box');

export async function ask(gateway: GatewayStandIn, command: object): Promise<Reply> {
  const id = newId();
  const now = gateway.nowMs;
  const envelope = { v: WIRE_VERSION, id, issuedAt: timestamp(now), expiresAt: timestamp(now + 60_000) };
  gateway.publish(topics.command(id), JSON.stringify({ ...envelope, camera: 'camera-1', ...command }));
  const replies = (): readonly Buffer[] =>
    gateway.received.filter(({ topic }) => topic === topics.reply(id)).map(({ payload }) => payload);
  await gateway.until(() => replies().length > 0);
  const parsed = parseReply(replies()[0] as Buffer);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

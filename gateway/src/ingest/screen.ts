/** Turns messages away for who sent them or for how much of it there is already, before anything of them is stored. */
import type { Limit } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { revokedAmong } from '../agents/registry.ts';
import { type AgentName, formatAgentName } from '../cameras/source.ts';
import type { AgentLimits } from '../config/agents.ts';
import type { Tables } from '../store/tables/index.ts';
import { bytesOfDay } from './contacts.ts';
import { sentenceOf } from './limits.ts';
import type { Received } from './message.ts';

const MIB = 1024 * 1024;
const DAY_MS = 86_400_000;
/** A camera that has said nothing for so long is not one of its agent's any more. */
const FORGOTTEN_MS = 30 * DAY_MS;

/** The messages in their order; what may not come in is marked with the reason. `now`: milliseconds since 1970. */
export async function screen(
  db: Kysely<Tables>,
  messages: readonly Received[],
  limits: AgentLimits,
  now: number,
): Promise<Received[]> {
  const all = sendersOf(messages, () => true);
  const revoked = await revokedAmong(db, all);
  const days = await daySoFar(db, messages, now);
  const cameras = await Cameras.load(db, messages, limits.cameras, now);
  const alerts = await Alerts.load(db, messages, limits.openAlerts);
  return messages.map((message) => {
    const { from, content } = message;
    if (from === null || content.kind === 'turned-away') return message;
    const name = formatAgentName(from);
    const limit = ((): Limit | null => {
      if (revoked.has(name)) return 'revoked';
      if (content.kind === 'refused') return null;
      if (!cameras.take(message)) return 'cameras';
      if (!alerts.take(message)) return 'alerts';
      const bytes = (days.get(name) ?? 0) + message.payload.length;
      if (isEvidence(message) && bytes > limits.megabytesPerDay * MIB) return 'day';
      if (days.has(name) && !message.assembled) days.set(name, bytes);
      return null;
    })();
    return limit === null ? message : turnAway(message, limit, limits);
  });
}

export function turnAway(message: Received, limit: Limit, limits: AgentLimits): Received {
  return { ...message, content: { kind: 'turned-away', limit, reason: sentenceOf(limit, limits) } };
}

/** That takes up room of its own: a file put together from parts has been counted with them. */
function isEvidence({ content, assembled = false }: Received): boolean {
  return content.kind === 'evidence-part' || (content.kind === 'evidence' && !assembled);
}

function sendersOf(messages: readonly Received[], which: (message: Received) => boolean): AgentName[] {
  const senders = new Map<string, AgentName>();
  for (const message of messages)
    if (message.from !== null && which(message)) senders.set(formatAgentName(message.from), message.from);
  return [...senders.values()];
}

/** By agent that sends pictures, how many bytes of its messages have been stored today. */
async function daySoFar(
  db: Kysely<Tables>,
  messages: readonly Received[],
  now: number,
): Promise<Map<string, number>> {
  const senders = sendersOf(messages, isEvidence);
  return senders.length === 0 ? new Map() : bytesOfDay(db, senders, now);
}

/** The cameras that agents speak of: those known, and as many new ones as there is room for. */
class Cameras {
  readonly #known: Set<string>;
  readonly #room: Map<string, number>;

  static async load(
    db: Kysely<Tables>,
    messages: readonly Received[],
    most: number,
    now: number,
  ): Promise<Cameras> {
    const spoken = messages.flatMap((message) => {
      const camera = cameraOf(message);
      return camera === null || message.from === null ? [] : [{ ...message.from, camera }];
    });
    if (spoken.length === 0) return new Cameras(new Set(), new Map());
    const known = await db
      .selectFrom('cameras')
      .select(['site', 'agent', 'camera'])
      .where('camera', 'in', [...new Set(spoken.map(({ camera }) => camera))])
      .execute();
    const names = new Set(known.map((row) => `${formatAgentName(row)}/${row.camera}`));
    const fresh = sendersOf(messages, (message) => {
      const camera = cameraOf(message);
      return (
        camera !== null && message.from !== null && !names.has(`${formatAgentName(message.from)}/${camera}`)
      );
    });
    const room = new Map(fresh.map((agent) => [formatAgentName(agent), most]));
    if (fresh.length > 0) {
      const counts = await db
        .selectFrom('cameras')
        .select((select) => ['site', 'agent', select.fn.countAll().as('count')])
        .where((where) => where.or(fresh.map((agent) => where.and(agent))))
        .where((where) =>
          where.or([where('state_at', 'is', null), where('state_at', '>', now - FORGOTTEN_MS)]),
        )
        .groupBy(['site', 'agent'])
        .execute();
      for (const row of counts) room.set(formatAgentName(row), most - Number(row.count));
    }
    return new Cameras(names, room);
  }

  private constructor(known: Set<string>, room: Map<string, number>) {
    this.#known = known;
    this.#room = room;
  }

  take(message: Received): boolean {
    const camera = cameraOf(message);
    if (camera === null || message.from === null) return true;
    const agent = formatAgentName(message.from);
    const name = `${agent}/${camera}`;
    if (this.#known.has(name)) return true;
    const room = this.#room.get(agent) ?? 0;
    if (room <= 0) return false;
    this.#room.set(agent, room - 1);
    this.#known.add(name);
    return true;
  }
}

function cameraOf({ content }: Received): string | null {
  return content.kind === 'detection' || content.kind === 'camera-state' ? content.value.camera : null;
}

/** Detections that may make an alert each: as many new ones as there is room for. */
class Alerts {
  readonly #known: ReadonlySet<string>;
  readonly #room: Map<string, number>;

  static async load(db: Kysely<Tables>, messages: readonly Received[], most: number): Promise<Alerts> {
    const senders = sendersOf(messages, ({ content }) => content.kind === 'detection');
    const room = new Map(senders.map((agent) => [formatAgentName(agent), most]));
    if (senders.length > 0) {
      const counts = await db
        .selectFrom('alerts')
        .select((select) => ['site', 'agent', select.fn.countAll().as('count')])
        .where('open_key', 'is not', null)
        .where((where) => where.or(senders.map((agent) => where.and(agent))))
        .groupBy(['site', 'agent'])
        .execute();
      for (const row of counts) room.set(formatAgentName(row), most - Number(row.count));
    }
    const tight = messages.flatMap(({ content, from }) =>
      content.kind === 'detection' &&
      from !== null &&
      (room.get(formatAgentName(from)) ?? 0) < messages.length
        ? [content.value.id]
        : [],
    );
    if (tight.length === 0) return new Alerts(new Set(), room);
    const known = await db.selectFrom('detections').select('id').where('id', 'in', tight).execute();
    return new Alerts(new Set(known.map(({ id }) => id)), room);
  }

  private constructor(known: ReadonlySet<string>, room: Map<string, number>) {
    this.#known = known;
    this.#room = room;
  }

  take({ content, from }: Received): boolean {
    if (content.kind !== 'detection' || from === null || this.#known.has(content.value.id)) return true;
    const agent = formatAgentName(from);
    const room = this.#room.get(agent) ?? 0;
    this.#room.set(agent, room - 1);
    return room > 0;
  }
}

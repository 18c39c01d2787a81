/** How fast each agent may send: a token bucket (as in RFC 2697) for messages and one for bytes, of a minute's worth each. */
import type { Limit } from '@roadwatch/contract/api';
import type { AgentLimits } from '../config/agents.ts';

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;
/** An agent that has been quiet for so long has full buckets, and need not be remembered. */
const QUIET_MS = 2 * MINUTE_MS;
const SWEEP_EVERY = 10_000;

interface Buckets {
  messages: number;
  bytes: number;
  at: number;
}

export class Rates {
  readonly #limits: Pick<AgentLimits, 'messagesPerMinute' | 'megabytesPerMinute'>;
  readonly #now: () => number;
  readonly #agents = new Map<string, Buckets>();
  #calls = 0;

  /** `now`: milliseconds of a clock that is never set. */
  constructor(
    limits: Pick<AgentLimits, 'messagesPerMinute' | 'megabytesPerMinute'>,
    now: () => number = () => performance.now(),
  ) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Null when the message may come in; what is over a limit costs nothing. */
  take(agent: string, bytes: number): Limit | null {
    const now = this.#now();
    if (++this.#calls % SWEEP_EVERY === 0) this.#sweep(now);
    const [most, mostBytes] = [this.#limits.messagesPerMinute, this.#limits.megabytesPerMinute * MIB];
    const known = this.#agents.get(agent) ?? { messages: most, bytes: mostBytes, at: now };
    const share = (now - known.at) / MINUTE_MS;
    known.messages = Math.min(most, known.messages + share * most);
    known.bytes = Math.min(mostBytes, known.bytes + share * mostBytes);
    known.at = now;
    this.#agents.set(agent, known);
    if (known.messages < 1) return 'messages';
    if (known.bytes < bytes) return 'bytes';
    known.messages -= 1;
    known.bytes -= bytes;
    return null;
  }

  #sweep(now: number): void {
    for (const [agent, { at }] of this.#agents) if (now - at > QUIET_MS) this.#agents.delete(agent);
  }
}

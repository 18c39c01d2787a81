/** Messages that were over a limit: counted with those like them that wait already, and neither read nor kept. */
import type { Limit } from '@roadwatch/contract/api';
import type { AgentLimits } from '../config/agents.ts';
import { type Received, readMessage } from './message.ts';
import { turnAway } from './screen.ts';

/** A message on its way, and whom to tell that its fate is committed. */
export interface Waiting {
  readonly message: Received;
  readonly settle: () => void;
}

const NOTHING = new Uint8Array();

export class HeldBack {
  readonly #limits: AgentLimits;
  /** By sender and limit, until what they are counted in is taken. */
  readonly #settles = new Map<string, (() => void)[]>();

  constructor(limits: AgentLimits) {
    this.#limits = limits;
  }

  /** What is to be queued for this message and all like it that come until then; null when one is queued already. */
  add(sender: string, topic: string, limit: Limit, onStored: () => void): (() => Waiting) | null {
    const key = `${sender} ${limit}`;
    const before = this.#settles.get(key);
    if (before !== undefined) {
      before.push(onStored);
      return null;
    }
    const settles = [onStored];
    this.#settles.set(key, settles);
    return () => {
      this.#settles.delete(key);
      const message = readMessage({ topic, payload: NOTHING });
      return {
        message: { ...turnAway(message, limit, this.#limits), times: settles.length },
        settle: () => {
          for (const settle of settles) settle();
        },
      };
    };
  }
}

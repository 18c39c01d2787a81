/** Commands to agents, each with the reply that it gets, or the lack of one by the time it expires. */

import { type Command, newId, type Reply, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import { REPLY_REFUSALS, type ReplyCode } from '@roadwatch/contract/codes';
import type { AgentName } from '../cameras/source.ts';
import { Refusal } from '../refusal.ts';

/** What the kinds of command have besides the envelope. */
type Body<C> = C extends Command ? Omit<C, 'v' | 'id' | 'issuedAt' | 'expiresAt'> : never;

interface Waiting {
  readonly agent: AgentName;
  /** Null: no reply is waited for any more. */
  readonly resolve: (reply: Reply | null) => void;
}

const GRACE_MS = 1_000;

/** An agent that knows more words than we do, or none, has failed. */
function codeOf({ code = '' }: Reply): ReplyCode {
  return Object.hasOwn(REPLY_REFUSALS, code) ? (code as ReplyCode) : 'command_failed';
}

export class AgentCommands {
  readonly #send: (agent: AgentName, command: Command) => void;
  readonly #waiting = new Map<string, Waiting>();

  constructor(send: (agent: AgentName, command: Command) => void) {
    this.#send = send;
  }

  /** Resolves with the agent's reply. Throws Refusal when it fails, or when there is none within `seconds`. */
  async ask(agent: AgentName, body: Body<Command>, seconds: number): Promise<Reply> {
    const now = Date.now();
    const command = {
      v: WIRE_VERSION,
      id: newId(),
      issuedAt: timestamp(now),
      expiresAt: timestamp(now + seconds * 1000),
      ...body,
    } as Command;
    const reply = await new Promise<Reply | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), seconds * 1000 + GRACE_MS);
      this.#waiting.set(command.id, {
        agent,
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
      });
      this.#send(agent, command);
    });
    this.#waiting.delete(command.id);
    if (reply === null)
      throw new Refusal('agent_silent', `agent ${agent.site}/${agent.agent} does not answer`);
    if (reply.outcome !== 'done')
      throw new Refusal(codeOf(reply), reply.reason ?? `the agent says: ${reply.outcome}`, null, {
        ...(reply.problems === undefined ? {} : { fields: reply.problems }),
      });
    return reply;
  }

  /** Sends without waiting for the reply. */
  tell(agent: AgentName, body: Body<Command>, seconds: number): void {
    this.ask(agent, body, seconds).catch(() => {});
  }

  /** To be given every reply that has come. */
  onReply(from: AgentName, reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    // An agent answers for itself only.
    if (waiting?.agent.site !== from.site || waiting.agent.agent !== from.agent) return;
    waiting.resolve(reply);
  }

  /** Whoever still waits is told at once that no reply has come. */
  stop(): void {
    for (const { resolve } of this.#waiting.values()) resolve(null);
  }
}

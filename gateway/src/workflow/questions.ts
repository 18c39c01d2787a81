/** Questions to agents that are due: found and noted in one transaction, and put once that is written. */
import type { CameraCommand } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { AgentName } from '../cameras/source.ts';
import type { Store, Tx } from '../store/database.ts';

/** A look takes some ten seconds; an agent that has said nothing by then is not there. */
export const ANSWER_MS = 60_000;
/** Of one kind, at a time. */
export const BATCH = 20;

export interface Question {
  readonly agent: AgentName;
  readonly command: CameraCommand;
}

export interface Asking<Row> {
  due(tx: Tx): Promise<readonly Row[]>;
  /** Null: there is nothing to ask, or no longer. */
  ask(tx: Tx, row: Row): Promise<Question | null>;
  /** For the log. */
  readonly said: string;
}

/** Returns how many were put. */
export async function askDue<Row>(
  store: Store,
  { due, ask, said }: Asking<Row>,
  send: (agent: AgentName, command: CameraCommand) => void,
  log: Logger,
): Promise<number> {
  const questions = await store.transaction(async (tx) => {
    const asked: Question[] = [];
    for (const row of await due(tx)) {
      const question = await ask(tx, row);
      if (question !== null) asked.push(question);
    }
    return asked;
  });
  for (const { agent, command } of questions) {
    send(agent, command);
    log.info({ ...agent, camera: command.camera, command: command.id }, said);
  }
  return questions.length;
}

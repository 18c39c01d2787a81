/** The process that runs the model of road users: begun, asked one picture at a time, and ended; by force where it does not answer. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { ModelError, type RoadUsersManifest } from '@roadwatch/models';
import type { PixelBox } from './box.ts';

export type ToRoadUsers = { readonly folder: string } | { readonly pixels: Uint8Array };
export type FromRoadUsers = Ready | Found | { readonly kind: 'refused'; readonly reason: string };

interface Ready {
  readonly kind: 'ready';
  /** Its name and version. */
  readonly model: string;
  readonly input: RoadUsersManifest['input'];
}

interface Found {
  readonly kind: 'found';
  /** In pixels of the input; `user` is what the model calls it: person, car, bus and so on. */
  readonly boxes: readonly (PixelBox & { readonly user: string })[];
}

/** On a box that is busy. */
const ANSWERS_WITHIN_MS = 15_000;

export class RoadUsersProcess {
  readonly model: string;
  readonly input: RoadUsersManifest['input'];
  readonly #child: ChildProcess;

  /** Throws ModelError when the folder cannot be used, Error when the process ends or says nothing in time. */
  static async start(folder: string, signal: AbortSignal): Promise<RoadUsersProcess> {
    const child = fork(new URL('./road-users-program.ts', import.meta.url), {
      // As the agent itself begins.
      execArgv: ['--max-semi-space-size=2'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      signal,
      killSignal: 'SIGKILL',
    });
    // What it ends by is told by its end.
    child.on('error', () => {});
    try {
      const ready = await ask(child, { folder });
      if (ready.kind === 'ready') return new RoadUsersProcess(child, ready);
      throw new ModelError(ready.kind === 'refused' ? ready.reason : `unexpected answer ${ready.kind}`);
    } catch (error) {
      await end(child);
      throw error;
    }
  }

  private constructor(child: ChildProcess, { model, input }: Ready) {
    this.#child = child;
    this.model = model;
    this.input = input;
  }

  /** `pixels`: planes G, B, R of the input's size. One at a time. Throws Error when the process has ended, or says nothing in time. */
  async find(pixels: Uint8Array): Promise<Found['boxes']> {
    const answer = await ask(this.#child, { pixels });
    if (answer.kind === 'found') return answer.boxes;
    throw new Error(answer.kind === 'refused' ? answer.reason : `unexpected answer ${answer.kind}`);
  }

  /** Resolves when it has ended. */
  end(): Promise<void> {
    return end(this.#child);
  }
}

async function ask(child: ChildProcess, question: ToRoadUsers): Promise<FromRoadUsers> {
  if (isOver(child)) throw new Error('the process that looks for vehicles and people has ended');
  const over = new AbortController();
  const { signal } = over;
  const late = setTimeout(() => child.kill('SIGKILL'), ANSWERS_WITHIN_MS);
  try {
    const answer = once(child, 'message', { signal }) as Promise<[FromRoadUsers]>;
    const ended = once(child, 'exit', { signal }).then(([code, name]) => {
      throw new Error(`the process that looks for vehicles and people ended with ${name ?? code}`);
    });
    // One that has gone already says so by its end.
    child.send(question, () => {});
    const [message] = await Promise.race([answer, ended]);
    return message;
  } finally {
    clearTimeout(late);
    over.abort();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (isOver(child)) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

/** Whether it has ended, or never began. */
function isOver({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

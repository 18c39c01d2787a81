/** The live views that are on: few at a time, one a camera. */
import type { Logger } from 'pino';
import { type LiveRequest, LiveSession } from './live-session.ts';
import type { PictureSource } from './picture-stream.ts';

const MAX_SESSIONS = 4;

interface Running {
  readonly camera: string;
  readonly session: Promise<LiveSession>;
}

export class TooManyLiveViews extends Error {
  override readonly name = 'TooManyLiveViews';
}

export class LiveSessions {
  readonly #log: Logger;
  readonly #authority: string | undefined;
  readonly #running = new Map<string, Running>();

  /** `authority`: PEM, of a private authority that vouches for the gateway. */
  constructor(log: Logger, authority?: string) {
    this.#log = log;
    this.#authority = authority;
  }

  /** Resolves when pictures flow; throws one sentence when they do not. A camera's earlier view is replaced. */
  async start(id: string, camera: string, source: PictureSource, request: LiveRequest): Promise<void> {
    for (const [other, running] of this.#running) if (running.camera === camera) await this.stop(other);
    if (this.#running.size >= MAX_SESSIONS)
      throw new TooManyLiveViews(`${MAX_SESSIONS} cameras are being watched live already`);
    const session = LiveSession.start(source, request, this.#authority);
    const entry = { camera, session };
    this.#running.set(id, entry);
    const forget = (): void => {
      if (this.#running.get(id) === entry) this.#running.delete(id);
    };
    const { ended } = await session.catch((error: Error) => {
      forget();
      throw error;
    });
    this.#log.info({ camera, session: id }, 'live view started');
    void ended.then((reason) => {
      forget();
      this.#log.info({ camera, session: id, reason }, 'live view ended');
    });
  }

  /** Does nothing when it has ended already. */
  async stop(id: string): Promise<void> {
    const session = await this.#running.get(id)?.session.catch(() => null);
    await session?.stop('asked to end');
  }

  /** Whoever watches a camera may begin anew. */
  async stopCamera(camera: string): Promise<void> {
    const ids = [...this.#running].filter(([, running]) => running.camera === camera).map(([id]) => id);
    await Promise.all(ids.map((id) => this.stop(id)));
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.stop(id)));
  }
}

/** The live views that are on: few at a time, one a camera and form. */
import type { LiveOffer } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { Choice } from './choose-feed.ts';
import type { LiveMeter, OpenFeed } from './feed.ts';
import { type LiveRequest, LiveSession } from './live-session.ts';

const MAX_SESSIONS = 4;
const OVER_BUDGET = 'the data budget of the day (uplink.megabytesPerDay) has nothing left for live views';

interface Running {
  readonly camera: string;
  readonly format: LiveOffer['format'];
  readonly session: Promise<LiveSession>;
}

export class TooManyLiveViews extends Error {
  override readonly name = 'TooManyLiveViews';
}

export class LiveOverBudget extends Error {
  override readonly name = 'LiveOverBudget';
}

export class LiveSessions {
  readonly #log: Logger;
  readonly #meter: LiveMeter;
  readonly #authority: string | undefined;
  readonly #running = new Map<string, Running>();

  /** `authority`: PEM, of a private authority that vouches for the gateway. */
  constructor(log: Logger, meter: LiveMeter, authority?: string) {
    this.#log = log;
    this.#meter = meter;
    this.#authority = authority;
  }

  /**
   * Resolves when pictures flow, with how they are sent; throws one sentence when they do not. An earlier view of the camera in the same
   * form is replaced. `choose` is asked again at the last moment, for masks may have been added meanwhile.
   */
  async start(id: string, camera: string, choose: () => Choice, request: LiveRequest): Promise<LiveOffer> {
    if (!this.#meter.isOpen) throw new LiveOverBudget(OVER_BUDGET);
    const { format } = choose().offer;
    for (const [other, running] of this.#running)
      if (running.camera === camera && running.format === format) await this.stop(other);
    if (this.#running.size >= MAX_SESSIONS)
      throw new TooManyLiveViews(`${MAX_SESSIONS} cameras are being watched live already`);
    const { offer, open } = choose();
    const session = LiveSession.start(this.#metered(open, id), request, this.#authority);
    const entry = { camera, format: offer.format, session };
    this.#running.set(id, entry);
    const forget = (): void => {
      if (this.#running.get(id) === entry) this.#running.delete(id);
    };
    const { ended, codecs } = await session.catch((error: Error) => {
      forget();
      throw error;
    });
    this.#log.info({ camera, session: id, format: offer.format }, 'live view started');
    void ended.then((reason) => {
      forget();
      this.#log.info({ camera, session: id, reason }, 'live view ended');
    });
    return { ...offer, ...(codecs === undefined ? {} : { codecs }) };
  }

  /** Does nothing when it has ended already. */
  async stop(id: string): Promise<void> {
    await this.#end(id, 'asked to end');
  }

  /** Whoever watches a camera may begin anew. */
  async stopCamera(camera: string): Promise<void> {
    const ids = [...this.#running].filter(([, running]) => running.camera === camera).map(([id]) => id);
    await Promise.all(ids.map((id) => this.stop(id)));
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.stop(id)));
  }

  async #end(id: string, reason: string): Promise<void> {
    const session = await this.#running.get(id)?.session.catch(() => null);
    await session?.stop(reason);
  }

  /** What it sends is counted, and it ends once no more may be. */
  #metered(open: OpenFeed, id: string): OpenFeed {
    let isOver = false;
    return (send) =>
      open((message, most) => {
        if (!send(message, most)) return false;
        this.#meter.sent(message.length);
        if (!this.#meter.isOpen && !isOver) {
          isOver = true;
          void this.#end(id, OVER_BUDGET);
        }
        return true;
      });
  }
}

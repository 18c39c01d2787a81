/** What a live view is fed from: something that gives messages until it ends. */

/** A camera that has shown nothing for so long is not waited for. */
export const FIRST_PICTURE_MS = 15_000;

/** False: it was not sent, for more than `most` bytes wait on the line already. */
export type SendMessage = (message: Buffer, most: number) => boolean;

export interface LiveFeed {
  /** Resolves with the reason when it has ended. */
  readonly ended: Promise<string>;
  /** As RFC 6381 writes it, of video that is passed on; known when the first message has been given. */
  readonly codecs?: string | undefined;
  stop(): Promise<void>;
}

/** What live views may use of the line. */
export interface LiveMeter {
  /** False: none may begin, and those that are on end. */
  readonly isOpen: boolean;
  sent(bytes: number): void;
}

/** Throws one sentence when there is nothing to see. */
export type OpenFeed = (send: SendMessage) => Promise<LiveFeed>;

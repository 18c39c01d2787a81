/**
 * The tiles of the wall, read together for all screens that show it: anew every few seconds, and soon after something has changed.
 * A tile that cannot be read keeps its value and the instant at which it was last read, so that screens show how old it is.
 */
import { OutageLog } from '@roadwatch/common';
import { timestamp } from '@roadwatch/contract';
import type { WallBoard } from '@roadwatch/contract/api';
import type { Logger } from 'pino';
import type { ChangeFeed } from '../store/change-feed.ts';
import type { Store } from '../store/database.ts';
import { casesSince } from './cases.ts';
import { dayFigures } from './day-figures.ts';
import { todayAndYesterday } from './days.ts';
import { latestProof } from './proof.ts';
import { oldestUnanswered } from './unanswered.ts';

const EVERY_MS = 3_000;
/** Changes come in groups: one confirmation is several. */
const SETTLE_MS = 250;

type TileName = keyof WallBoard;
type Value<Name extends TileName> = NonNullable<WallBoard[Name]['value']>;

interface Parts {
  readonly store: Store;
  readonly changes: ChangeFeed;
  readonly log: Logger;
  readonly timeZone: string;
}

const EMPTY = { at: null, value: null };

export class Board {
  readonly #parts: Parts;
  readonly #outages: Readonly<Record<TileName, OutageLog>>;
  readonly #listeners = new Set<(board: WallBoard) => void>();
  #board: WallBoard = { figures: EMPTY, feed: EMPTY, unanswered: EMPTY, proof: EMPTY, map: EMPTY };
  #reading: Promise<void> | null = null;
  #every: NodeJS.Timeout | null = null;
  #settling: NodeJS.Timeout | null = null;
  #stopListening: () => void = () => {};

  constructor(parts: Parts) {
    this.#parts = parts;
    const outage = (tile: TileName): OutageLog =>
      new OutageLog(parts.log, {
        failed: 'a tile of the wall cannot be read',
        over: 'a tile of the wall can be read again',
        fields: { tile },
      });
    this.#outages = {
      figures: outage('figures'),
      feed: outage('feed'),
      unanswered: outage('unanswered'),
      proof: outage('proof'),
      map: outage('map'),
    };
  }

  /** As it is now; one reading serves all who ask meanwhile. */
  async read(): Promise<WallBoard> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
    return this.#board;
  }

  /** Calls with every reading until the returned function is called. Nothing is read while nobody listens. */
  listen(listener: (board: WallBoard) => void): () => void {
    this.#listeners.add(listener);
    if (this.#every === null) this.#start();
    void this.#tell();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#rest();
    };
  }

  async stop(): Promise<void> {
    this.#listeners.clear();
    this.#rest();
    await this.#reading;
  }

  #start(): void {
    this.#every = setInterval(() => void this.#tell(), EVERY_MS);
    this.#stopListening = this.#parts.changes.listen(({ kind }) => {
      if (kind === 'access') return;
      this.#settling ??= setTimeout(() => {
        this.#settling = null;
        void this.#tell();
      }, SETTLE_MS);
    });
  }

  #rest(): void {
    this.#stopListening();
    if (this.#every !== null) clearInterval(this.#every);
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#every = null;
    this.#settling = null;
  }

  async #tell(): Promise<void> {
    // What is being read may be from before the change.
    await this.#reading;
    const board = await this.read();
    for (const listener of this.#listeners) listener(board);
  }

  async #read(): Promise<void> {
    const { store, changes, timeZone } = this.#parts;
    const now = store.now();
    const { today, yesterday } = todayAndYesterday(now, timeZone);
    const seq = changes.last;
    const [figures, feed, unanswered, proof, map] = await Promise.all([
      this.#tile('figures', async () => ({
        today: await dayFigures(store.db, today, now),
        yesterday: await dayFigures(store.db, yesterday, now),
      })),
      this.#tile('feed', () => casesSince(store.db, now)),
      this.#tile('unanswered', async () => ({ oldest: await oldestUnanswered(store.db) })),
      this.#tile('proof', async () => ({ latest: await latestProof(store.db) })),
      // Whether the store can be read is what the age of the map tells.
      this.#tile('map', async () => {
        await store.db.selectFrom('counters').select('name').limit(1).execute();
        return { seq };
      }),
    ]);
    this.#board = { figures, feed, unanswered, proof, map };
  }

  async #tile<Name extends TileName>(name: Name, read: () => Promise<Value<Name>>): Promise<WallBoard[Name]> {
    try {
      const value = await read();
      this.#outages[name].works();
      return { at: timestamp(this.#parts.store.now()), value } as WallBoard[Name];
    } catch (error) {
      this.#outages[name].failed((error as Error).message);
      return this.#board[name];
    }
  }
}

/** Reports for everybody who asks: the same question at the same time is answered once, and a long count holds up no short one. */
import { Semaphore } from '@roadwatch/common';
import type { FigureReport } from '@roadwatch/contract/api';
import type { Config } from '../config/config.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import { figureReport, type Question } from './report.ts';

/** More than these, of different questions, are not made at the same time, nor wait for it. */
const MOST = 12;

export class Reports {
  readonly #store: Pick<Store, 'db' | 'now'>;
  readonly #config: Pick<Config, 'timeZone' | 'areas'>;
  readonly #making = new Map<string, Promise<FigureReport>>();
  readonly #turns = new Semaphore(1);

  constructor(store: Pick<Store, 'db' | 'now'>, config: Pick<Config, 'timeZone' | 'areas'>) {
    this.#store = store;
    this.#config = config;
  }

  /** At most `limit` rows. Throws Refusal. */
  async make(question: Question, limit: number): Promise<FigureReport> {
    const key = JSON.stringify([question, limit]);
    const others = this.#making.get(key);
    if (others !== undefined) return others;
    if (this.#making.size >= MOST)
      throw new Refusal('figures_crowded', 'too many reports wait to be made at present', 5);
    const parts = { store: this.#store, config: this.#config, inTurn: this.#inTurn };
    const making = figureReport(parts, question, limit).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  readonly #inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const release = await this.#turns.acquire();
    try {
      return await work();
    } finally {
      release();
    }
  };
}

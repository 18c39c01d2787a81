/**
 * Files that somebody asks a box for, within the budget of the day: a picture or a clip is promised only while its kind has some of its
 * share left, with all that was promised before. What was promised goes; the day is overrun by the last of it at most.
 */
import type { DayBudget } from './day-budget.ts';
import type { Outbox } from './outbox.ts';

interface AnswersParts {
  readonly budget: Pick<DayBudget, 'allows'>;
  readonly outbox: Outbox;
  /** The message goes on as one that was asked for. */
  asked(id: number): void;
}

export class Answers {
  readonly #parts: AnswersParts;

  constructor(parts: AnswersParts) {
    this.#parts = parts;
  }

  /** Whether such a file may be promised now. */
  allows(kind: 'picture' | 'clip'): boolean {
    const { budget, outbox } = this.#parts;
    return budget.allows(kind, outbox.askedBytes);
  }

  /** The file of a detection goes before other evidence; `gone`: it is not here any more. */
  send(topic: string, sha256: string): 'sent' | 'gone' | 'over_budget' {
    const { outbox } = this.#parts;
    const file = outbox.find(topic, sha256);
    if (file === null) return 'gone';
    const isPromised = file.kind === 'asked';
    if (!isPromised && !this.allows(file.kind === 'picture' ? 'picture' : 'clip')) return 'over_budget';
    outbox.atomically(() => outbox.ask(topic, sha256));
    this.#parts.asked(file.id);
    return 'sent';
  }
}

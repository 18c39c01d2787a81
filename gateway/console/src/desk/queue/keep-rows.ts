/**
 * Keeps the list of what waits up to date: one question at a time, and what is told while it is on its way is newer than its answer.
 * What a question that failed was for stays to be asked, after a while.
 */
import type { AlertPage } from '@roadwatch/contract/api';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import type { Listen } from '../../shared/changes/changes.ts';
import type { ChangeData } from '../../shared/changes/event-stream.ts';
import { keepFresh } from '../../shared/changes/keep-fresh.ts';
import { headLoaded, heldBy, pageLoaded, type Rows, renewed, seenAgain, without } from './rows.ts';

/** What comes in a flood is taken up together, this often. */
const TOGETHER_MS = 150;
const QUESTIONS_APART_MS = 400;
/** After a question that failed. */
const RETRY_MS = 3_000;
/** As the gateway takes them. */
const MOST_IDS = 50;

export interface RowsSource {
  readonly head: () => Promise<AlertPage>;
  /** Those of them that are in the list now. */
  readonly renewed: (ids: readonly string[]) => Promise<AlertPage>;
  readonly page: (after: string) => Promise<AlertPage>;
  readonly listen: Listen;
}

export interface KeepOptions {
  /** The list is of other states than what waits: what is told of an alert does not say whether it belongs there. */
  readonly isOfState: boolean;
  readonly latest: { readonly current: Rows };
  /** How many rows are to be there. */
  readonly wanted: { readonly current: number };
  readonly become: (rows: Rows) => void;
  readonly onProblem: (problem: Problem | null) => void;
}

export interface KeptRows {
  /** Loads on if more is wanted than is there. */
  more(): void;
  stop(): void;
}

interface Told {
  readonly id: string;
  readonly data: ChangeData;
}

export function keepRows(
  source: RowsSource,
  { isOfState, latest, wanted, become, onProblem }: KeepOptions,
): KeptRows {
  let over = false;
  let loading = false;
  /** The head is to be read anew. */
  let stale = true;
  let askedAt = Number.NEGATIVE_INFINITY;
  let notBefore = Number.NEGATIVE_INFINITY;
  let taking: ReturnType<typeof setTimeout> | undefined;
  let asking: ReturnType<typeof setTimeout> | undefined;
  /** What has not been taken up. */
  let told: readonly Told[] = [];
  /** What was taken up since the question that is on its way. */
  let meanwhile: readonly Told[] = [];
  /** Of which only that they have changed is known. */
  const unclear = new Set<string>();

  const takenUp = (rows: Rows, events: readonly Told[]): Rows =>
    events.reduce((before, { id, data }) => {
      const after = applied(before, id, data, isOfState);
      if (after === null) unclear.add(id);
      return after ?? before;
    }, rows);
  const ask = async (
    question: Promise<AlertPage>,
    answered: (rows: Rows, page: AlertPage) => Rows,
    failed: () => void,
  ): Promise<void> => {
    loading = true;
    meanwhile = [];
    try {
      const page = await question;
      if (over) return;
      become(takenUp(answered(latest.current, page), meanwhile));
      onProblem(null);
    } catch (error) {
      if (over) return;
      failed();
      notBefore = performance.now() + RETRY_MS;
      onProblem(problemOf(error));
    }
    loading = false;
    takeUp();
  };
  const askChanged = (): void => {
    askedAt = performance.now();
    const ids = [...unclear];
    unclear.clear();
    if (stale || ids.length > MOST_IDS) {
      stale = false;
      void ask(source.head(), headLoaded, () => {
        stale = true;
      });
    } else
      void ask(
        source.renewed(ids),
        (rows, page) => renewed(rows, ids, page),
        () => {
          for (const id of ids) unclear.add(id);
        },
      );
  };
  /** Asks what is to be asked next, as soon as it may be. */
  const proceed = (): void => {
    clearTimeout(asking);
    if (over || loading) return;
    const { next, loaded } = latest.current;
    const isShort = next !== null && loaded.length < wanted.current;
    const hasChanged = stale || unclear.size > 0;
    const now = performance.now();
    const mayAskChanged = Math.max(notBefore, askedAt + QUESTIONS_APART_MS);
    if (hasChanged && now >= mayAskChanged) askChanged();
    else if (isShort && now >= notBefore) void ask(source.page(next), pageLoaded, () => {});
    else if (hasChanged || isShort)
      asking = setTimeout(takeUp, (hasChanged ? mayAskChanged : notBefore) - now);
  };
  /** What has been told, at once; what that leaves open is asked for. */
  const takeUp = (): void => {
    clearTimeout(taking);
    taking = undefined;
    if (loading) meanwhile = [...meanwhile, ...told];
    const events = told;
    told = [];
    become(takenUp(latest.current, events));
    proceed();
  };
  const soon = (): void => {
    taking ??= setTimeout(takeUp, TOGETHER_MS);
  };
  const anew = (): void => {
    stale = true;
    soon();
  };
  proceed();
  const stop = keepFresh(
    source.listen,
    (kind, id, data) => {
      if (kind === 'all') {
        // The line is there again.
        notBefore = Number.NEGATIVE_INFINITY;
        anew();
      } else if (kind === 'alert' && id !== null) {
        told = [...told, { id, data }];
        soon();
      }
    },
    anew,
  );
  return {
    more: proceed,
    stop() {
      over = true;
      stop();
      clearTimeout(taking);
      clearTimeout(asking);
    },
  };
}

/** The list after what was told of one alert; null when that does not say what has become of it, or whether it belongs here. */
function applied(
  rows: Rows,
  id: string,
  { state, seen, claimedBy, claimUntil = null }: ChangeData,
  isOfState: boolean,
): Rows | null {
  if (seen !== undefined) return seenAgain(rows, id, seen);
  if (isOfState) return null;
  if (state !== undefined && state !== 'new') return without(rows, id);
  return claimedBy === undefined ? null : heldBy(rows, id, { claimedBy, claimUntil });
}

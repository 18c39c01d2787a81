/** Verdicts page by page, the one given last first: the head is kept up to date, what was read on behind it stays. */
import type { Alert } from '@roadwatch/contract/api';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { useApi } from '../shared/api/use-api.ts';
import { type Loaded, useLoaded } from '../shared/api/use-loaded.ts';

interface Behind {
  readonly items: readonly Alert[];
  /** Where the next page begins; undefined: as the head says. */
  readonly next: string | null | undefined;
}

interface Verdicts {
  readonly head: Loaded<unknown>;
  readonly alerts: readonly Alert[];
  readonly total: number | null;
  /** Null: all are there. */
  readonly onMore: (() => void) | null;
  /** Why there could not be read on. */
  readonly problem: Problem | null;
}

const NOTHING: Behind = { items: [], next: undefined };

export function useVerdicts(query: Readonly<Record<string, string>>): Verdicts {
  const api = useApi();
  const key = new URLSearchParams(query).toString();
  const head = useLoaded(() => api.alerts.judged(query, null), ['alert'], key);
  const [behind, setBehind] = useState(NOTHING);
  const [problem, setProblem] = useState<Problem | null>(null);
  const asked = useRef(key);
  const loading = useRef(false);
  useEffect(() => {
    asked.current = key;
    loading.current = false;
    setBehind(NOTHING);
    setProblem(null);
  }, [key]);

  const first = head.value?.items ?? [];
  const ids = new Set(first.map(({ id }) => id));
  const next = behind.next === undefined ? (head.value?.next ?? null) : behind.next;
  const more = async (after: string): Promise<void> => {
    if (loading.current) return;
    loading.current = true;
    try {
      const page = await api.alerts.judged(query, after);
      if (asked.current !== key) return;
      // What the head has pushed out meanwhile is shown behind it.
      setBehind(({ items }) => ({
        items: joined(items.length === 0 ? first : items, page.items),
        next: page.next,
      }));
      setProblem(null);
    } catch (error) {
      if (asked.current === key) setProblem(problemOf(error));
    }
    loading.current = false;
  };
  return {
    head,
    alerts: [...first, ...behind.items.filter(({ id }) => !ids.has(id))].toSorted(byVerdict),
    total: head.value?.total ?? null,
    onMore: next === null ? null : () => void more(next),
    problem,
  };
}

function joined(before: readonly Alert[], page: readonly Alert[]): readonly Alert[] {
  const there = new Set(before.map(({ id }) => id));
  return [...before, ...page.filter(({ id }) => !there.has(id))];
}

function byVerdict(a: Alert, b: Alert): number {
  return (b.verdictAt ?? '').localeCompare(a.verdictAt ?? '') || b.id.localeCompare(a.id);
}

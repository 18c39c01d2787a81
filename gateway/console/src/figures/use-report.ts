/** A report of the gateway: loaded once for each question, for it is of a period and not of this second. */
import type { FigureReport } from '@roadwatch/contract/api';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { useApi } from '../shared/api/use-api.ts';
import type { Loaded } from '../shared/api/use-loaded.ts';

/** While another question is answered, the last answer stands. */
export function useReport(query: string): Loaded<FigureReport> {
  const api = useApi();
  const [value, setValue] = useState<FigureReport | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let over = false;
    api.figures.report(query).then(
      (report) => {
        if (over) return;
        setValue(report);
        setProblem(null);
      },
      (error) => {
        if (over) return;
        setValue(null);
        setProblem(problemOf(error));
      },
    );
    return () => {
      over = true;
    };
  }, [api, query, round]);
  return { value, problem, reload: useCallback(() => setRound((last) => last + 1), []) };
}

/** Whether nothing at all happened in it. */
export function isEmpty({ total: { figures } }: FigureReport): boolean {
  return Object.values(figures).every(({ of }) => of === 0);
}

/** A list that is read on page by page. What is asked anew begins anew, and an answer to what was asked before is dropped. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from './problem.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface Pages<Item> {
  /** Null until the first page has come. */
  readonly items: readonly Item[] | null;
  readonly more: boolean;
  readonly loading: boolean;
  readonly problem: Problem | null;
  readonly onMore: () => void;
}

/** `key` says that it is another question. */
export function usePages<Item>(
  load: (after: string | null) => Promise<Page<Item>>,
  key: string,
): Pages<Item> {
  const [items, setItems] = useState<readonly Item[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [loading, setLoading] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const question = useRef(0);
  const read = (before: readonly Item[], after: string | null): void => {
    const asked = question.current;
    setLoading(true);
    setProblem(null);
    load(after).then(
      (page) => {
        if (asked !== question.current) return;
        setItems([...before, ...page.items]);
        setNext(page.next);
        setLoading(false);
      },
      (error) => {
        if (asked !== question.current) return;
        setProblem(problemOf(error));
        setLoading(false);
      },
    );
  };
  useEffect(() => {
    setItems(null);
    setNext(null);
    read([], null);
    return () => {
      question.current++;
    };
  }, [key]);
  const onMore = (): void => {
    if (!loading && next !== null) read(items ?? [], next);
  };
  return { items, more: next !== null, loading, problem, onMore };
}

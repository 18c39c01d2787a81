/** The question in the address bar, and how another is asked: by an address of its own, so that Back leads to the one before. */
import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../shared/api/use-api.ts';
import { at } from '../shared/route/base.ts';
import { navigate } from '../shared/route/route.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { type Question, questionOf, searchOf } from './question.ts';

export function useToday(): string {
  return useWallClock().fullDay(useApi().now());
}

export function useQuestion(): [Question, (question: Question) => void] {
  const today = useToday();
  const [search, setSearch] = useState(location.search);
  useEffect(() => {
    const onAddress = (): void => setSearch(location.search);
    window.addEventListener('popstate', onAddress);
    return () => window.removeEventListener('popstate', onAddress);
  }, []);
  return [questionOf(search, today), (question) => navigate(at(`/figures?${searchOf(question)}`))];
}

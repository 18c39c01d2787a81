import type { Alert, AlertPage } from '@roadwatch/contract/api';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { alert } from '../../../testing/desk.ts';
import type { Problem } from '../../shared/api/problem.ts';
import type { Listen } from '../../shared/changes/changes.ts';
import { keepRows } from './keep-rows.ts';
import { hold, NO_ROWS } from './rows.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const [A, B, C] = [alert('a', 1), alert('b', 2), alert('c', 3)];
const page = (items: readonly Alert[], total = items.length, next: string | null = null): AlertPage => ({
  items,
  next,
  total,
});
const failure = (): Promise<AlertPage> => Promise.reject(new Error('away'));

/** A list whose questions are answered by the test, in turn. */
function list(wanted = 0) {
  const asked: string[] = [];
  const answers: ((answer: AlertPage | Promise<AlertPage>) => void)[] = [];
  const question = (name: string): Promise<AlertPage> => {
    asked.push(name);
    const { promise, resolve } = Promise.withResolvers<AlertPage>();
    answers.push(resolve);
    return promise;
  };
  let tell: Parameters<Listen>[0] = () => {};
  const latest = { current: NO_ROWS };
  const problems: (Problem | null)[] = [];
  const kept = keepRows(
    {
      head: () => question('head'),
      renewed: (ids) => question(ids.join(' ')),
      page: (after) => question(`after ${after}`),
      listen: (listener) => {
        tell = listener;
        return () => {};
      },
    },
    {
      isOfState: false,
      latest,
      wanted: { current: wanted },
      become: (rows) => {
        latest.current = rows;
      },
      onProblem: (problem) => problems.push(problem),
    },
  );
  onTestFinished(() => kept.stop());
  return {
    asked,
    latest,
    problems,
    tell: (id: string, data: Parameters<Parameters<Listen>[0]>[2] = {}) => tell('alert', id, data),
    shown: () => latest.current.loaded.map(({ id }) => id).join(' '),
    answer: async (answer: AlertPage | Promise<AlertPage>) => {
      answers.shift()?.(answer);
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

test('what was judged while an answer was on its way does not come back with it', async () => {
  const rows = list();
  await rows.answer(page([A, B]));
  rows.tell('c');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(rows.asked).toEqual(['head', 'c']);
  rows.tell('a', { state: 'confirmed' });
  await vi.advanceTimersByTimeAsync(500);
  expect(rows.shown()).toBe('b');
  await rows.answer(page([C], 3));
  expect(rows.shown()).toBe('b c');
});

test('nor what its own answer still has, since it was judged after it was written', async () => {
  const rows = list();
  rows.tell('a', { state: 'rejected' });
  await vi.advanceTimersByTimeAsync(500);
  await rows.answer(page([A, B]));
  expect(rows.shown()).toBe('b');
  expect(rows.latest.current.total).toBe(1);
});

test('the pointer that has come meanwhile holds the list still', async () => {
  const rows = list();
  await rows.answer(page([A]));
  rows.tell('b');
  await vi.advanceTimersByTimeAsync(1_000);
  rows.latest.current = hold(rows.latest.current, true);
  await rows.answer(page([B], 2));
  expect(rows.shown()).toBe('a');
  expect(rows.latest.current.outside).toEqual([B]);
});

test('what could not be asked is asked again, once every few seconds, and then all is as it was', async () => {
  const rows = list();
  await rows.answer(page([A]));
  rows.tell('b');
  await vi.advanceTimersByTimeAsync(1_000);
  await rows.answer(failure());
  rows.tell('c');
  await vi.advanceTimersByTimeAsync(2_500);
  expect(rows.asked).toEqual(['head', 'b']);
  await vi.advanceTimersByTimeAsync(500);
  expect(rows.asked).toEqual(['head', 'b', 'b c']);
  expect(rows.problems.at(-1)).not.toBe(null);
  await rows.answer(page([B, C], 3));
  expect(rows.shown()).toBe('a b c');
  expect(rows.problems.at(-1)).toBe(null);
});

test('a page that cannot be had is not asked for without a pause', async () => {
  const rows = list(10);
  await rows.answer(page([A], 2, 'a'));
  expect(rows.asked).toEqual(['head', 'after a']);
  await rows.answer(failure());
  await vi.advanceTimersByTimeAsync(2_900);
  expect(rows.asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(100);
  expect(rows.asked).toEqual(['head', 'after a', 'after a']);
  await rows.answer(page([B], 2));
  expect(rows.shown()).toBe('a b');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(rows.asked).toHaveLength(3);
});

test('a list that could not be loaded at all is loaded once it can be', async () => {
  const rows = list();
  await rows.answer(failure());
  await vi.advanceTimersByTimeAsync(3_000);
  await rows.answer(page([A]));
  expect(rows.asked).toEqual(['head', 'head']);
  expect(rows.shown()).toBe('a');
});

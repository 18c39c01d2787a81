import { expect, test } from 'vitest';
import { TestBureau } from '../../testing/bureau.ts';
import { callHttp, type Failure } from './http-call.ts';

const SIGNAL = new AbortController().signal;

async function answersOf(statuses: readonly number[]): Promise<ReadonlyMap<number, Failure>> {
  const bureau = await TestBureau.start();
  const answers = new Map<number, Failure>();
  for (const status of statuses) {
    bureau.answer = { status, headers: { location: 'http://user:pw@127.0.0.1:1/elsewhere?key=1' } };
    const answer = await callHttp(bureau.url, { method: 'POST', body: '{}' }, SIGNAL);
    if (!answer.ok) answers.set(status, answer);
  }
  return answers;
}

test('whatever may be different tomorrow is tried again', async () => {
  const statuses = [
    300, 301, 302, 303, 307, 308, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414,
  ];
  const more = [
    416, 418, 421, 423, 424, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511,
  ];
  const answers = await answersOf([...statuses, ...more]);
  expect([...answers.keys()]).toEqual([...statuses, ...more]);
  expect([...answers.values()].filter(({ again }) => !again)).toEqual([]);
});

test('what judges the order itself is final', async () => {
  const answers = await answersOf([400, 415, 422]);
  expect([...answers.values()].map(({ again }) => again)).toEqual([false, false, false]);
});

test('a redirect is not followed, and says whither without what might be secret', async () => {
  const { error } = (await answersOf([302])).get(302) as Failure;
  expect(error).toBe(
    '302 sends us to http://127.0.0.1:1, which is not followed: configure the address that takes orders',
  );
});

import { expect, onTestFinished, test, vi } from 'vitest';
import { alert, NOW, OPERATOR } from '../../testing/desk.ts';
import { Problem } from '../shared/api/problem.ts';
import { type Entry, isWaiting } from './entry.ts';
import { Outbox } from './outbox.ts';

const TICKET = { ticketId: 't', number: 'RW-1', recallUntil: new Date(NOW + 5_000).toISOString() };
const CONFIRM = { kind: 'confirm' } as const;

/** An outbox whose gateway answers as `answer` says; what was asked for is in `asked`. */
function outboxWith(answer: (id: string) => Promise<typeof TICKET>, now = () => NOW) {
  const asked: string[] = [];
  const alerts = {
    confirm: (id: string, key: string) => {
      asked.push(`confirm ${id} ${key}`);
      return answer(id);
    },
    undo: async (id: string) => {
      asked.push(`undo ${id}`);
    },
    rejectMany: async (alerts: readonly { id: string }[], reason: string) => {
      asked.push(`reject ${alerts.map(({ id }) => id).join('+')} ${reason}`);
      return alerts.map(({ id }) => ({ id, rejected: id !== 'b', code: 'alert_changed', detail: '' }));
    },
    undoMany: async (ids: readonly string[]) => {
      asked.push(`undo ${ids.join('+')}`);
      return ids.map((id) => ({ id, undone: true, code: null, detail: null }));
    },
    one: async (id: string) => ({ id, state: 'rejected', verdictBy: 'user:wang', claimedBy: null }),
  };
  const session = { renew: async () => {} };
  const outbox = new Outbox({ alerts, session, now } as never);
  onTestFinished(() => outbox.close());
  const settled = () => vi.waitFor(() => expect(outbox.view.entries.some(isWaiting)).toBe(false));
  const outcomes = () => outbox.view.entries.map(({ outcome }) => outcome?.kind);
  return { outbox, asked, settled, outcomes };
}

test('verdicts are sent one after another, in the order of the keys, each with a key of its own', async () => {
  const { outbox, asked, settled } = outboxWith(async () => TICKET);
  outbox.signedIn(OPERATOR);
  for (const id of ['a', 'b', 'c']) outbox.give(alert(id, 1), CONFIRM);
  await settled();
  expect(asked.map((each) => each.split(' ')[1])).toEqual(['a', 'b', 'c']);
  expect(new Set(asked.map((each) => each.split(' ')[2])).size).toBe(3);
});

test.each([
  [new Problem(0, 'network')],
  [new Problem(502, 'Bad Gateway')],
  [new Problem(404, 'a page of the proxy')],
  [new Problem(503, 'disk', 'store_full')],
  [new Problem(409, 'under way', 'request_under_way')],
])('what only passes (%o) is tried again with the same key', async (problem) => {
  let failed = false;
  const { outbox, asked, settled, outcomes } = outboxWith(async () => {
    if (failed) return TICKET;
    failed = true;
    throw problem;
  });
  outbox.signedIn(OPERATOR);
  outbox.give(alert('a', 1), CONFIRM);
  await vi.waitFor(() => expect(outbox.view.problem).toBe(problem));
  outbox.wake();
  await settled();
  expect(outcomes()).toEqual(['stored']);
  expect(asked[0]).toBe(asked[1]);
});

test('what somebody else has judged meanwhile says who', async () => {
  const { outbox, settled } = outboxWith(async () => {
    throw new Problem(409, 'judged', 'alert_judged');
  });
  outbox.signedIn(OPERATOR);
  outbox.give(alert('a', 1), CONFIRM);
  await settled();
  expect(outbox.view.entries[0]?.outcome).toEqual({ kind: 'overtaken', by: 'user:wang', state: 'rejected' });
});

test('nothing is sent while nobody, or somebody else, is signed in', async () => {
  const { outbox, asked, settled } = outboxWith(async () => TICKET);
  outbox.signedIn(OPERATOR);
  outbox.signedIn(null);
  expect(outbox.give(alert('a', 1), CONFIRM)).toBeNull();
  outbox.signedIn(OPERATOR);
  outbox.give(alert('a', 1), CONFIRM);
  outbox.signedIn({ ...OPERATOR, id: '0198c0de-0000-7000-8000-000000000002', username: 'wang' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual([]);
  outbox.signedIn(OPERATOR);
  await settled();
  expect(asked).toHaveLength(1);
});

test('the end of a verdict that was refused is not sent', async () => {
  const { outbox, asked, settled, outcomes } = outboxWith(async () => {
    throw new Problem(409, 'judged', 'alert_judged');
  });
  outbox.signedIn(OPERATOR);
  const given = outbox.give(alert('a', 1), CONFIRM) as Entry;
  outbox.takeBack({ ...given, attempted: true });
  await settled();
  expect(outcomes()).toEqual(['overtaken', 'withdrawn']);
  expect(asked).toHaveLength(1);
});

test('a verdict older than the gateway’s memory of keys is not sent', async () => {
  let now = NOW;
  let away = true;
  const { outbox, asked, settled, outcomes } = outboxWith(
    async () => {
      if (away) throw new Problem(0, 'network');
      return TICKET;
    },
    () => now,
  );
  outbox.signedIn(OPERATOR);
  outbox.give(alert('a', 1), CONFIRM);
  await vi.waitFor(() => expect(outbox.view.problem).not.toBeNull());
  now += 24 * 3_600_000;
  away = false;
  outbox.wake();
  await settled();
  expect(outcomes()).toEqual(['expired']);
  expect(asked).toHaveLength(1);
});

test('several are rejected in one request, and taken back in one: without those that somebody else had changed', async () => {
  const { outbox, asked, settled, outcomes } = outboxWith(async () => TICKET);
  outbox.signedIn(OPERATOR);
  const alerts = ['a', 'b', 'c'].map((id) => ({ id, version: 1 }));
  const given = outbox.give(alert('a', 1), { kind: 'reject_many', reason: 'marking', alerts });
  await settled();
  expect(outbox.view.entries[0]?.outcome).toEqual({ kind: 'stored', ticket: null, left: ['b'] });
  const [stored] = outbox.view.entries;
  expect(stored?.key).toBe(given?.key);
  outbox.takeBack(stored as Entry);
  await settled();
  expect(asked).toEqual(['reject a+b+c marking', 'undo a+c']);
  expect(outcomes()).toEqual(['stored', 'stored']);
});

test('several of which none could be rejected are refused', async () => {
  const { outbox, settled, outcomes } = outboxWith(async () => TICKET);
  outbox.signedIn(OPERATOR);
  outbox.give(alert('b', 1), { kind: 'reject_many', reason: 'marking', alerts: [{ id: 'b', version: 1 }] });
  await settled();
  expect(outcomes()).toEqual(['refused']);
});

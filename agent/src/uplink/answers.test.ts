import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@roadwatch/contract';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { testStore } from '../../testing/store.ts';
import { Answers } from './answers.ts';
import { DayBudget } from './day-budget.ts';
import { type MessageKind, Outbox } from './outbox.ts';

/** A box with a budget of 1000 bytes. */
function box() {
  const dataDir = mkdtempSync(join(tmpdir(), 'roadwatch-answers-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const outbox = new Outbox(testStore(dataDir), { maxBytes: 10_000 });
  const clock = { nowMs: () => Date.parse('2026-11-28T12:00:00Z'), isTold: true };
  const budget = new DayBudget({ dataDir, bytesPerDay: 1_000, clock, log: pino({ level: 'silent' }) });
  const asked: number[] = [];
  const answers = new Answers({ outbox, budget, asked: (id) => asked.push(id) });
  const add = (topic: string, kind: MessageKind, bytes: number): string => {
    const payload = Buffer.from(topic.padEnd(bytes));
    outbox.atomically(() => outbox.add({ topic, kind, payload }, 1));
    return sha256(payload);
  };
  return { outbox, budget, asked, answers, add };
}

test('a clip is sent to who asks while the day has something left for clips, and not after', () => {
  const { outbox, budget, asked, answers, add } = box();
  const [one, two] = [add('one', 'kept', 100), add('two', 'clip', 100)];
  budget.sent(600);
  expect(answers.send('one', one)).toBe('sent');
  budget.sent(200);
  expect(answers.send('two', two)).toBe('over_budget');
  expect(outbox.find('two', two)?.kind).toBe('clip');
  // It was promised, and goes.
  expect(answers.send('one', one)).toBe('sent');
  const { id } = outbox.find('one', one) ?? {};
  expect(asked).toEqual([id, id]);
});

test('a picture may be sent up to the last byte of the day', () => {
  const { budget, answers, add } = box();
  const [one, two] = [add('one', 'picture', 100), add('two', 'picture', 100)];
  budget.sent(850);
  expect(answers.send('one', one)).toBe('sent');
  budget.sent(150);
  expect(answers.send('two', two)).toBe('over_budget');
});

test('what was promised and has not gone yet leaves that much less for the next who asks', () => {
  const { outbox, budget, answers, add } = box();
  budget.sent(500);
  const [one, two] = [add('one', 'kept', 400), add('two', 'kept', 100)];
  expect(answers.send('one', one)).toBe('sent');
  expect(answers.send('two', two)).toBe('over_budget');
  expect(answers.allows('picture')).toBe(true);
  add('reply', 'asked', 100);
  expect(answers.allows('picture')).toBe(false);
  outbox.stored(one);
  budget.sent(400);
  expect(answers.allows('picture')).toBe(false);
});

test('what is not on the box any more is gone, whatever the day has left', () => {
  const { budget, answers } = box();
  budget.sent(1_000);
  expect(answers.send('one', sha256(Buffer.from('one')))).toBe('gone');
});

import type { AlertState } from '@roadwatch/contract/api';
import { describe, expect, test } from 'vitest';
import type { AlertRow } from '../store/tables/alerts.ts';
import { type AlertCommand, checkCommand, columnsOf, TRANSITIONS } from './machine.ts';

const STATES: readonly AlertState[] = ['new', 'confirmed', 'rejected', 'merged', 'shelved'];
const COMMANDS = Object.keys(TRANSITIONS) as AlertCommand[];

function alertIn(state: AlertState): AlertRow {
  return { state } as AlertRow;
}

describe.each(COMMANDS)('%s', (command) => {
  const from: readonly AlertState[] = TRANSITIONS[command].from;
  test.each(STATES)('from %s', (state) => {
    const give = () => checkCommand(alertIn(state), command, 'ann', undefined);
    if (from.includes(state)) give();
    else expect(give).toThrow(`the alert is ${state} already`);
  });
});

test('what somebody has before them nobody else judges', () => {
  const lease = { alert_id: 'a', desk: 'd', holder: 'bo', session: null, until: 1000 };
  for (const command of ['confirm', 'reject', 'shelve', 'merge'] as const) {
    const judge = (by: string) => checkCommand(alertIn('new'), command, by, lease);
    expect(() => judge('ann')).toThrow('the alert is with bo until 1970-01-01T00:00:01.000Z');
    judge('bo');
  }
});

test('an alert has the fields of its state, and of no other', () => {
  const verdict = { verdict_by: 'ann', verdict_at: 1 };
  const shelved = columnsOf({ state: 'shelved', ...verdict, reason: 'rain', shelved_until: 9 });
  expect({ ...shelved, ...columnsOf({ state: 'confirmed', ...verdict, ticket_id: 't' }) }).toEqual({
    state: 'confirmed',
    ...verdict,
    ticket_id: 't',
    reason: null,
    note: null,
    shelved_until: null,
    merged_into: null,
    root_id: null,
  });
});

import type { AlertState } from '@roadwatch/contract/api';
import { describe, expect, test } from 'vitest';
import type { AlertRow } from '../store/tables/alerts.ts';
import { type AlertCommand, checkCommand, columnsOf, TRANSITIONS } from './machine.ts';

const STATES: readonly AlertState[] = ['new', 'claimed', 'confirmed', 'rejected', 'merged', 'shelved'];
const COMMANDS = Object.keys(TRANSITIONS) as AlertCommand[];

function alertIn(state: AlertState, held: Partial<AlertRow> = {}): AlertRow {
  return { state, claimed_by: null, claim_until: null, ...held } as AlertRow;
}

describe.each(COMMANDS)('%s', (command) => {
  const from: readonly AlertState[] = TRANSITIONS[command].from;
  test.each(STATES)('from %s', (state) => {
    const give = () => checkCommand(alertIn(state), command, 'ann', 0);
    if (from.includes(state)) give();
    else expect(give).toThrow(`the alert is ${state} already`);
  });
});

test('what somebody holds nobody else judges, until the claim has lapsed', () => {
  const held = alertIn('claimed', { claimed_by: 'bo', claim_until: 1000 });
  for (const command of ['claim', 'release', 'confirm', 'reject', 'merge'] as const) {
    expect(() => checkCommand(held, command, 'ann', 999)).toThrow('the alert is with bo');
    checkCommand(held, command, 'ann', 1000);
    checkCommand(held, command, 'bo', 999);
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
    claimed_by: null,
    claim_until: null,
    merged_into: null,
    root_id: null,
  });
});

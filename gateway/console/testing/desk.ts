/** A desk with alerts on it, as events have made it. */

import type { Alert, User } from '@roadwatch/contract/api';
import type { DeskEvent } from '../src/desk/desk-events.ts';
import { reduce } from '../src/desk/desk-reducer.ts';
import { type DeskState, emptyDesk } from '../src/desk/desk-state.ts';
import type { Decision, Entry, Outcome } from '../src/outbox/entry.ts';

export const OPERATOR: User = {
  id: '0198c0de-0000-7000-8000-000000000001',
  username: 'li.na',
  role: 'operator',
  unitId: null,
};
export const NOW = Date.UTC(2026, 0, 1, 9);

/** Of that minute: the earlier is judged first. */
export function alert(id: string, minute: number, more: Partial<Alert> = {}): Alert {
  const createdAt = new Date(Date.UTC(2026, 0, 1, 8, minute)).toISOString();
  const place = { site: 's', agent: 'a', camera: 'c', cameraName: { en: 'Binsheng Road', zh: '滨盛路' } };
  const judged = { state: 'new', risk: 'high', claimedBy: null, claimUntil: null } as const;
  const rest = {
    damageClass: 'pothole',
    createdAt,
    verdictDueAt: createdAt,
    report: null,
    parts: [],
  } as const;
  return { id, ...place, ...judged, ...rest, ...more } as unknown as Alert;
}

/** What the gateway hands this desk. */
export function hand(...items: readonly Alert[]): DeskEvent {
  return { kind: 'handed', items, waiting: items.length };
}

export function after(state: DeskState, ...events: readonly DeskEvent[]): DeskState {
  return events.reduce(reduce, state);
}

/** With these alerts in hand, the first of them current and ready for a verdict. */
export function deskWith(alerts: readonly Alert[], user: User = OPERATOR): DeskState {
  const desk = after(emptyDesk(user), hand(...alerts));
  return desk.current === null ? desk : after(desk, { kind: 'became_ready', id: desk.current.id });
}

/** A verdict of the operator on the alert of that id, given at NOW and settled, if it is, 100 ms later. */
export function entry(alertId: string, decision: Decision, outcome: Outcome | null = null, at = NOW): Entry {
  return {
    key: `${decision.kind}-${alertId}`,
    by: OPERATOR,
    alertId,
    damageClass: 'pothole',
    where: { en: 'Binsheng Road', zh: '滨盛路' },
    decision,
    givenAt: at,
    settledAt: outcome === null ? null : at + 100,
    attempted: outcome !== null,
    outcome,
  };
}

/** What the outbox tells: the latest first. */
export function outbox(...entries: readonly Entry[]): DeskEvent {
  return { kind: 'outbox_changed', entries, problem: null, at: NOW + 200 };
}

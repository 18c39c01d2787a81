/** What is the same in every alert that nobody has looked at yet. */
import type { AlertRow } from '../store/tables/alerts.ts';

export const UNJUDGED = {
  state: 'new',
  occurrences: 1,
  claimed_by: null,
  claim_until: null,
  verdict_by: null,
  verdict_at: null,
  reason: null,
  note: null,
  shelved_until: null,
  merged_into: null,
  root_id: null,
  rejected_before: 0,
  rejected_as: null,
  ticket_id: null,
  version: 1,
} as const satisfies Partial<AlertRow>;

import type { User } from '@roadwatch/contract/api';

/** Units see their own tickets and nothing else. */
export function seesCity({ role }: User): boolean {
  return role !== 'unit';
}

const JUDGES: readonly User['role'][] = ['operator', 'shift_lead', 'admin'];

export function mayJudge({ role }: User): boolean {
  return JUDGES.includes(role);
}

/** Who did something, as a person reads it: `user:li.na` is li.na. */
export function personOf(actor: string): string {
  return actor.replace(/^(user|agent|unit|token):/, '');
}

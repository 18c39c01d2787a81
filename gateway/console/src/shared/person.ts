/** Who did something, as a person reads it: `user:li.na` is li.na. */
export function personOf(actor: string): string {
  return actor.replace(/^(user|agent|unit):/, '');
}

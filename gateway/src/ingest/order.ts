/** Which of two things that an agent said is the newer: no clock decides, least of all that of another machine. */

/** Where a message stands: the start of the agent that sent it, and its number in that start. */
export interface Place {
  readonly bootId?: string | undefined;
  readonly seq?: number | undefined;
}

/** The last of what is kept; null where the agent has not told. */
export interface Kept {
  readonly boot_id: string | null;
  readonly seq: number | null;
}

/**
 * Whether the message replaces what is kept: by its number where both are of one start and have one, else since it came later. The
 * same number again is the same message.
 */
export function isNewer({ bootId, seq }: Place, kept: Kept | undefined): boolean {
  const comparable = seq !== undefined && kept != null && kept.seq !== null && kept.boot_id === bootId;
  return !comparable || seq >= (kept.seq as number);
}

/** The number to keep: that of a last will, which has none, is the one before it, so that what is older stays so. */
export function seqToKeep({ bootId, seq }: Place, kept: Kept | undefined): number | null {
  return seq ?? (kept?.boot_id === (bootId ?? null) ? kept.seq : null);
}

/** Why a message is turned away for who sent it or how much, by a word for machines and a sentence for people. */
export const LIMITS = ['revoked'] as const;
export type Limit = (typeof LIMITS)[number];

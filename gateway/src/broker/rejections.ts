/** What the broker inside the gateway does not let in, or ends; labels of its metric. */
export const REJECTIONS = [
  'login',
  'publish',
  'subscription',
  'packet',
  'slow',
  'revoked',
  'crowd',
  'takeover',
] as const;
export type Rejection = (typeof REJECTIONS)[number];
